//! `--query`: a part of an answer, in JMESPath.

use jmespath::ast::Ast;
use jmespath::{Expression, Variable};
use serde_json::Value;

use super::error::AzError;

/// A query.
pub(super) struct Query(Expression<'static>);

impl Query {
    /// Reads a query.
    pub(super) fn read(text: &str) -> Result<Self, AzError> {
        let wrong = |_| AzError::usage(format!("argument --query: invalid jmespath_type value: '{text}'"));
        jmespath::compile(text).map(Self).map_err(wrong)
    }

    /// The part of `value` it names; null when there is none.
    pub(super) fn of(&self, value: &Value) -> Result<Value, AzError> {
        let problem = |error: String| AzError::Plain(format!("Query failed: {error}"));
        let variable = Variable::from_json(&value.to_string()).map_err(problem)?;
        let found = self.0.search(variable).map_err(|error| problem(error.reason.to_string()))?;
        serde_json::from_str(&found.to_string()).map_err(|error| problem(error.to_string()))
    }

    /// The keys of the objects it makes, in the order it names them: columns stand in this order.
    pub(super) fn columns(&self) -> Option<Vec<&str>> {
        keys(self.0.as_ast())
    }
}

/// The keys of the objects an expression ends in.
fn keys(ast: &Ast) -> Option<Vec<&str>> {
    if let Ast::Projection { rhs: end, .. } | Ast::Subexpr { rhs: end, .. } | Ast::Condition { then: end, .. } = ast {
        return keys(end);
    }
    let Ast::MultiHash { elements, .. } = ast else { return None };
    Some(elements.iter().map(|pair| pair.key.as_str()).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_query_takes_a_part_and_remembers_the_order_of_its_columns() {
        let query = Query::read("[?state=='on'].{Zone: name, Links: n}").unwrap_or_else(|error| panic!("{error}"));
        let value = json!([{"name": "a", "n": 1, "state": "on"}, {"name": "b", "n": 2, "state": "off"}]);
        assert_eq!(query.of(&value), Ok(json!([{"Links": 1, "Zone": "a"}])));
        assert_eq!(query.columns(), Some(vec!["Zone", "Links"]));
        assert!(Query::read("networkRuleSet").is_ok_and(|query| query.columns().is_none()));
    }

    #[test]
    fn a_query_that_is_none_is_named() {
        let Err(AzError::Usage(message)) = Query::read("[").map(|_| ()) else { panic!("it was read") };
        assert_eq!(message, "argument --query: invalid jmespath_type value: '['");
    }
}
