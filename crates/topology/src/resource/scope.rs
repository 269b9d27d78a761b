//! Who owns what: tenants and subscriptions.

use serde::{Deserialize, Serialize};

use super::Extra;
use crate::Id;

/// A Microsoft Entra tenant: the strongest boundary on the diagram.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tenant {
    /// Display name; the id when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A subscription of a tenant. Visibility and auto-approval of a private link service name subscriptions [PLS-OV].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// The tenant that owns it.
    pub tenant: Id,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}
