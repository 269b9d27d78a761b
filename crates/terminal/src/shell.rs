//! Where a command line is typed.

use topology::resource::OsType;
use topology::{Document, Id};

/// Where a command line is typed, and in which manner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shell {
    /// Where its questions start, and whose resources `az` sees.
    pub place: ShellPlace,
    /// Which tools there are, and how they print.
    pub system: OsType,
}

/// What a shell runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShellPlace {
    /// A machine.
    Machine(Id),
    /// The Azure Cloud Shell of somebody who works with this subscription. It stands in no virtual network.
    CloudShell(Id),
}

impl Shell {
    /// The shell of a machine, virtual or outside Azure.
    #[must_use]
    pub fn of_machine(document: &Document, machine: &Id) -> Self {
        let system = document.os_type_of(machine).unwrap_or_default();
        Self { place: ShellPlace::Machine(machine.clone()), system }
    }

    /// The Cloud Shell, on a subscription.
    #[must_use]
    pub const fn cloud(subscription: Id) -> Self {
        Self { place: ShellPlace::CloudShell(subscription), system: OsType::Linux }
    }

    /// The machine it runs on, where it runs on one.
    #[must_use]
    pub const fn machine(&self) -> Option<&Id> {
        match &self.place {
            ShellPlace::Machine(machine) => Some(machine),
            ShellPlace::CloudShell(_) => None,
        }
    }

    /// The subscription `az` works with.
    #[must_use]
    pub fn subscription<'a>(&'a self, document: &'a Document) -> Option<&'a Id> {
        match &self.place {
            ShellPlace::Machine(machine) => document.subscription_of(machine),
            ShellPlace::CloudShell(subscription) => Some(subscription),
        }
    }

    /// What stands before the line that is typed.
    #[must_use]
    pub fn prompt(&self) -> String {
        match (&self.place, self.system) {
            (ShellPlace::CloudShell(_), _) => String::from("azureuser [ ~ ]$ "),
            (ShellPlace::Machine(machine), OsType::Linux) => format!("azureuser@{machine}:~$ "),
            (ShellPlace::Machine(_), OsType::Windows) => String::from("PS C:\\Users\\azureuser> "),
        }
    }
}
