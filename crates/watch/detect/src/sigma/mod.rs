//! Sigma rules as typed, validated values.
//!
//! [`load`] reads YAML and gives the rules, correlations and filters that are sound and, for each that is not, an error with
//! its place. Nothing here looks at events. Follows the Sigma specification 2.1: <https://sigmahq.io/sigma-specification/>.

mod condition;
mod correlation;
mod detection;
mod filter;
mod load;
mod modifier;
mod rule;
mod timespan;
mod value;

pub use condition::{
    Aggregation, Comparison, Condition, ConditionError, Function, Selector, parse_condition,
};
pub use correlation::{Correlation, CorrelationKind, Threshold};
pub use detection::{Detection, Item};
pub use filter::{Filter, FilterRules};
pub use load::{Loaded, load};
pub use modifier::TimePart;
pub use rule::{Level, LogSource, Rule, RuleError, Status};
pub use timespan::{TimespanError, parse_timespan};
pub use value::{Order, Part, Pattern, RegexFlags, Test, TextPosition};
