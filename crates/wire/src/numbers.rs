//! Numbers of protocol fields and their registered words.

/// Declares the numbers of a field. A number without a word stays what it is, so that reading loses nothing.
macro_rules! numbers {
    (
        $(#[$meta:meta])*
        pub enum $name:ident($repr:ty) { $($(#[$variant_meta:meta])* $variant:ident = $number:literal $word:literal,)+ }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// Any other number.
            Unknown($repr),
        }

        impl $name {
            /// What a number means.
            #[must_use]
            pub const fn of(number: $repr) -> Self {
                match number {
                    $($number => Self::$variant,)+
                    other => Self::Unknown(other),
                }
            }

            /// The number on the wire.
            #[must_use]
            pub const fn number(self) -> $repr {
                match self {
                    $(Self::$variant => $number,)+
                    Self::Unknown(number) => number,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$variant => f.write_str($word),)+
                    Self::Unknown(number) => write!(f, "{number}"),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

pub(crate) use numbers;
