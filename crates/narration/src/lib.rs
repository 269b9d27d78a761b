//! Sentences for steps, outcomes and assumptions, from data.
