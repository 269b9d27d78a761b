//! What may stand at each place of a document: for forms, completion and help. It follows from the declarations of the
//! resources, their documentation included.

use crate::Kind;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Any text.
    Text,
    /// An IPv4 address.
    Address,
    /// A range of addresses such as `10.0.0.0/24`.
    Prefix,
    /// A domain name.
    DomainName,
    /// A whole number from 0 up to this one.
    Number(u64),
    /// True or false.
    Switch,
    /// One of these words.
    Word(&'static [&'static str]),
    /// The id of a resource.
    Reference,
    /// A named child of a resource, as `resource/child`.
    ChildReference,
    /// Something, or nothing.
    Optional(&'static Self),
    /// Several of the same, in order.
    List(&'static Self),
    /// Several of the same, by name.
    Map(&'static Self),
    /// These fields.
    Object(&'static [Field]),
    /// Any JSON.
    Any,
}

/// A field of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in ARM's spelling.
    pub key: &'static str,
    /// What it means: the lines of its documentation.
    pub help: &'static [&'static str],
    /// Whether an object without it is not valid.
    pub required: bool,
    /// What it holds.
    pub shape: Shape,
}

impl Field {
    /// What it means, in one line.
    #[must_use]
    pub fn meaning(&self) -> String {
        let lines: Vec<&str> = self.help.iter().map(|line| line.trim()).collect();
        lines.join(" ")
    }
}

impl Kind {
    /// The fields of a resource of this type.
    #[must_use]
    pub const fn fields(self) -> &'static [Field] {
        match self.shape() {
            Shape::Object(fields) => fields,
            Shape::Text
            | Shape::Address
            | Shape::Prefix
            | Shape::DomainName
            | Shape::Number(_)
            | Shape::Switch
            | Shape::Word(_)
            | Shape::Reference
            | Shape::ChildReference
            | Shape::Optional(_)
            | Shape::List(_)
            | Shape::Map(_)
            | Shape::Any => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: Kind, key: &str) -> Field {
        *kind.fields().iter().find(|field| field.key == key).unwrap()
    }

    #[test]
    fn a_field_has_its_arm_name_its_documentation_and_what_it_holds() {
        let prefixes = field(Kind::VirtualNetwork, "addressPrefixes");
        assert_eq!(prefixes.shape, Shape::List(&Shape::Prefix));
        assert_eq!(prefixes.meaning(), "`addressSpace.addressPrefixes`.");
        assert!(prefixes.required);
        assert!(!field(Kind::VirtualNetwork, "location").required);
        let policies = field(Kind::Subnet, "privateLinkServiceNetworkPolicies");
        assert_eq!(policies.shape, Shape::Word(&["Enabled", "Disabled"]));
        assert_eq!(field(Kind::NetworkInterface, "subnet").shape, Shape::Reference);
        assert_eq!(field(Kind::NetworkInterface, "privateIPAddress").shape, Shape::Optional(&Shape::Address));
    }

    #[test]
    fn every_kind_has_fields_and_every_field_says_what_it_means() {
        fn check(at: &str, shape: Shape) {
            match shape {
                Shape::Object(fields) => {
                    for field in fields {
                        assert!(field.meaning().ends_with(['.', ')']), "{at}.{}: {}", field.key, field.meaning());
                        check(field.key, field.shape);
                    }
                }
                Shape::Optional(inner) | Shape::List(inner) | Shape::Map(inner) => check(at, *inner),
                Shape::Text
                | Shape::Address
                | Shape::Prefix
                | Shape::DomainName
                | Shape::Number(_)
                | Shape::Switch
                | Shape::Word(_)
                | Shape::Reference
                | Shape::ChildReference
                | Shape::Any => {}
            }
        }
        for kind in Kind::ALL {
            check(kind.as_str(), kind.shape());
        }
    }
}
