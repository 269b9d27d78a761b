//! How refusals are declared: once, with everything that is said of them.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use smol_str::SmolStr;

use crate::problem::Problem;
use crate::resource::ConnectionStatus;
use crate::{Id, Kind};

/// What is the same of every refusal of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The stable name, and the key of its sentence.
    pub name: &'static str,
    /// Azure's own code; the name where Azure's is not known.
    pub code: &'static str,
    /// Where the rule is documented, by source key.
    pub source: Option<&'static str>,
    /// The assumption or dispute it rests on, by register id.
    pub assumption: Option<&'static str>,
    /// The names of the values its sentence speaks of.
    pub details: &'static [&'static str],
}

/// A value a refusal's sentence speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// An address, a name, a field: something a reader may copy.
    Code(String),
    /// A count.
    Number(usize),
    /// A resource of the document.
    Resource(Id),
    /// Several of them.
    Resources(Vec<Id>),
    /// A problem the document would have, with a sentence of its own.
    Problem(Problem),
}

pub(super) trait AsDetail {
    fn as_detail(&self) -> Detail;
}

impl AsDetail for Id {
    fn as_detail(&self) -> Detail {
        Detail::Resource(self.clone())
    }
}

impl AsDetail for Vec<Id> {
    fn as_detail(&self) -> Detail {
        Detail::Resources(self.clone())
    }
}

impl AsDetail for Box<Problem> {
    fn as_detail(&self) -> Detail {
        Detail::Problem(Problem::clone(self))
    }
}

impl AsDetail for usize {
    fn as_detail(&self) -> Detail {
        Detail::Number(*self)
    }
}

impl AsDetail for Vec<Ipv4Net> {
    fn as_detail(&self) -> Detail {
        Detail::Code(self.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
    }
}

/// Values shown as they are written.
macro_rules! shown_as_code {
    ($($type:ty),*) => {$(
        impl AsDetail for $type {
            fn as_detail(&self) -> Detail {
                Detail::Code(self.to_string())
            }
        }
    )*};
}

shown_as_code!(SmolStr, String, Ipv4Addr, Ipv4Net, ConnectionStatus, Kind);

/// Declares refusals: the name, Azure's code where it has another, where the rule comes from, what it assumes, and the
/// values of its sentence.
macro_rules! refusals {
    ($(
        $(#[$meta:meta])*
        $name:ident $(= $code:literal)? $(from $source:literal)? $(assumes $assumption:literal)? $({
            $($(#[$detail_meta:meta])* $detail:ident: $type:ty,)*
        })?;
    )*) => {
        /// Why a command is not carried out.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Refusal {
            $($(#[$meta])* $name $({ $($(#[$detail_meta])* $detail: $type,)* })?,)*
        }

        impl Refusal {
            /// Every refusal there is.
            pub const DECLARATIONS: &'static [Declaration] = &[$(
                refusals!(@declaration $name $(= $code)? $(from $source)? $(assumes $assumption)? $({$($detail)*})?),
            )*];

            /// What is the same of every refusal of this kind.
            #[must_use]
            pub const fn declaration(&self) -> &'static Declaration {
                match self {
                    $(Self::$name { .. } => const {
                        &refusals!(@declaration $name $(= $code)? $(from $source)? $(assumes $assumption)? $({$($detail)*})?)
                    },)*
                }
            }

            /// The values its sentence speaks of, by name.
            #[must_use]
            pub fn details(&self) -> Vec<(&'static str, Detail)> {
                match self {
                    $(Self::$name $({ $($detail),* })? => vec![$($((stringify!($detail), $detail.as_detail()),)*)?],)*
                }
            }
        }
    };
    (@declaration $name:ident $(= $code:literal)? $(from $source:literal)? $(assumes $assumption:literal)?
        $({$($detail:ident)*})?) => {
        Declaration {
            name: stringify!($name),
            code: refusals!(@or stringify!($name) $(, $code)?),
            source: refusals!(@some $($source)?),
            assumption: refusals!(@some $($assumption)?),
            details: &[$($(stringify!($detail),)*)?],
        }
    };
    (@or $name:expr) => { $name };
    (@or $name:expr, $code:literal) => { $code };
    (@some) => { None };
    (@some $value:literal) => { Some($value) };
}

pub(super) use refusals;
