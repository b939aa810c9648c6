//! The `options` of a rule, as Semgrep's documentation of rule options names them.

use bartizan_yaml::Value;

macro_rules! options {
    ($($(#[$doc:meta])* $name:ident: bool = $default:literal,)*) => {
        /// How a rule matches. What a rule does not set has Semgrep's default.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Options {
            $($(#[$doc])* pub $name: bool,)*
            /// Where a taint finding is, for duplicates: at the source rather than at the sink.
            pub taint_match_on_source: bool,
            /// Reads C++ `T x(a)` as a function rather than as a variable; none: as the parser thinks.
            pub cpp_parsing_pref: Option<CppPreference>,
            /// Which matcher reads generic patterns.
            pub generic_engine: GenericEngine,
            /// Lines that `...` may span in generic patterns.
            pub generic_ellipsis_max_span: u32,
            /// Comments that generic patterns do not see.
            pub generic_comment_style: CommentStyle,
            /// Pairs of brackets beyond the usual ones, for the aliengrep engine.
            pub generic_extra_braces: Vec<(String, String)>,
            /// The pairs of brackets instead of the usual ones, for the aliengrep engine.
            pub generic_braces: Option<Vec<(String, String)>>,
            /// Characters of words beyond letters, digits and `_`, for the aliengrep engine.
            pub generic_extra_word_characters: Vec<char>,
        }

        impl Default for Options {
            fn default() -> Self {
                Self {
                    $($name: $default,)*
                    taint_match_on_source: false,
                    cpp_parsing_pref: None,
                    generic_engine: GenericEngine::Spacegrep,
                    generic_ellipsis_max_span: 10,
                    generic_comment_style: CommentStyle::None,
                    generic_extra_braces: Vec::new(),
                    generic_braces: None,
                    generic_extra_word_characters: Vec::new(),
                }
            }
        }

        impl Options {
            fn flag(&mut self, name: &str) -> Option<&mut bool> {
                match name { $(stringify!($name) => Some(&mut self.$name),)* _ => None }
            }
        }
    };
}

options! {
    /// A name stands for the constant it holds.
    constant_propagation: bool = true,
    /// A name stands for the expression it holds.
    symbolic_propagation: bool = false,
    /// `&&` and `||` match whatever the grouping and, for `&&`, `||` and the like, in pieces.
    ac_matching: bool = true,
    /// `&&` and `||` match in any order.
    commutative_boolop: bool = false,
    /// `==` and `!=` match in any order.
    commutative_compop: bool = false,
    /// The older name of `commutative_compop` for `==`.
    symmetric_eq: bool = false,
    /// An assignment in a pattern matches a definition with a value.
    vardef_assign: bool = true,
    /// An assignment in a pattern matches a field's definition.
    flddef_assign: bool = false,
    /// An expression in a pattern matches an attribute or annotation.
    attr_expr: bool = true,
    /// A function in a pattern matches an arrow function.
    arrow_is_function: bool = true,
    /// `var` in a pattern matches `let`.
    let_is_var: bool = true,
    /// A lone expression matches within expressions of a statement.
    go_deeper_expr: bool = true,
    /// `...` between statements also reaches into blocks.
    go_deeper_stmt: bool = true,
    /// An expression as a statement matches anywhere in a statement.
    implicit_deep_exprstmt: bool = true,
    /// A record or class may hold more than the pattern.
    implicit_ellipsis: bool = true,
    /// The same metavariable on a name means the same variable, not just the same spelling.
    unify_ids_strictly: bool = true,
    /// Order of decorators counts.
    decorators_order_matters: bool = false,
    /// `<a/>` matches `<a></a>`.
    xml_singleton_loose_matching: bool = true,
    /// Elements may have attributes beyond the pattern's.
    xml_attrs_implicit_ellipsis: bool = true,
    /// Order of an element's children counts.
    xml_children_ordered: bool = true,
    /// Accepted: dataflow goes across files wherever it can.
    interfile: bool = false,
    /// Accepted: dataflow within a file goes across functions wherever it can.
    taint_intrafile: bool = false,
    /// A metavariable in source and sink must be the same.
    taint_unify_mvars: bool = false,
    /// What an unknown function returns is clean.
    taint_assume_safe_functions: bool = false,
    /// A tainted index does not taint the element.
    taint_assume_safe_indexes: bool = false,
    /// What a comparison gives is clean.
    taint_assume_safe_comparisons: bool = false,
    /// A boolean is clean.
    taint_assume_safe_booleans: bool = false,
    /// A number is clean.
    taint_assume_safe_numbers: bool = false,
    /// Taint goes through assignments alone.
    taint_only_propagate_through_assignments: bool = false,
    /// Accepted: whether the time limit grows with the file. Limits are the scan's here.
    dynamic_timeout: bool = false,
    /// A generic pattern's metavariables and ellipses reach over lines.
    generic_multiline: bool = true,
    /// Letters of a generic pattern match in either case.
    generic_caseless: bool = false,
}

/// How C++ that can be read in two ways is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CppPreference {
    /// As a function.
    Function,
    /// As a variable with arguments for its constructor.
    Variable,
}

/// Which matcher reads generic patterns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GenericEngine {
    /// By indentation and brackets.
    #[default]
    Spacegrep,
    /// By regular expressions.
    Aliengrep,
}

/// Comments that generic patterns do not see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CommentStyle {
    /// None.
    #[default]
    None,
    /// `/* … */`
    C,
    /// `/* … */` and `// …`
    Cpp,
    /// `# …`
    Shell,
}

/// What is wrong with an option. Options come from newer versions too, so an unknown one is a warning.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum OptionProblem {
    Unknown,
    Wrong(&'static str),
}

/// Options that set limits or give hints, which the scan decides here.
const ACCEPTED: &[&str] = &[
    "dynamic_timeout_max_multiplier",
    "dynamic_timeout_unit_kb",
    "max_match_context_size",
    "max_match_per_file",
    "no_naming",
    "timeout",
];

impl Options {
    /// Sets one option.
    pub(super) fn set(&mut self, name: &str, value: Value<'_>) -> Result<(), OptionProblem> {
        if let Some(flag) = self.flag(name) {
            *flag = value.as_bool().ok_or(OptionProblem::Wrong("true or false"))?;
            return Ok(());
        }
        let word = value.as_str().unwrap_or_default();
        match name {
            // `interfile: "…"` does not occur; what does is the older spelling of where findings are.
            "taint_match_on" | "taint_focus_on" => {
                self.taint_match_on_source =
                    choose(word, &[("sink", false), ("source", true)], "sink or source")?;
            }
            "cpp_parsing_pref" => {
                let known = [
                    ("as_fundef", CppPreference::Function),
                    ("as_vardef_with_ctor", CppPreference::Variable),
                ];
                self.cpp_parsing_pref = Some(choose(word, &known, "as_fundef or as_vardef_with_ctor")?);
            }
            "generic_engine" => {
                let known =
                    [("spacegrep", GenericEngine::Spacegrep), ("aliengrep", GenericEngine::Aliengrep)];
                self.generic_engine = choose(word, &known, "spacegrep or aliengrep")?;
            }
            "generic_comment_style" => {
                let known = [
                    ("none", CommentStyle::None),
                    ("c", CommentStyle::C),
                    ("cpp", CommentStyle::Cpp),
                    ("shell", CommentStyle::Shell),
                ];
                self.generic_comment_style = choose(word, &known, "none, c, cpp or shell")?;
            }
            "generic_ellipsis_max_span" => {
                let number = value.as_int().and_then(|number| u32::try_from(number).ok());
                self.generic_ellipsis_max_span =
                    number.ok_or(OptionProblem::Wrong("a number that is not negative"))?;
            }
            "generic_extra_braces" => self.generic_extra_braces = pairs(value)?,
            "generic_braces" => self.generic_braces = Some(pairs(value)?),
            "generic_extra_word_characters" => {
                let one = |item: Value<'_>| item.as_str().and_then(single);
                let all: Option<Vec<char>> = value.items().map(one).collect();
                let all = all.filter(|_| value.is_sequence());
                self.generic_extra_word_characters =
                    all.ok_or(OptionProblem::Wrong("a list of single characters"))?;
            }
            _ if ACCEPTED.contains(&name) => {}
            _ => return Err(OptionProblem::Unknown),
        }
        Ok(())
    }
}

fn choose<T: Copy>(word: &str, known: &[(&str, T)], expected: &'static str) -> Result<T, OptionProblem> {
    let found = known.iter().find(|(name, _)| *name == word);
    found.map(|&(_, value)| value).ok_or(OptionProblem::Wrong(expected))
}

fn single(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

fn pairs(value: Value<'_>) -> Result<Vec<(String, String)>, OptionProblem> {
    let pair = |item: Value<'_>| {
        let mut two = item.items();
        let pair = (two.next()?.as_str()?.to_owned(), two.next()?.as_str()?.to_owned());
        two.next().is_none().then_some(pair)
    };
    let all: Option<Vec<_>> = value.items().map(pair).collect();
    all.filter(|_| value.is_sequence()).ok_or(OptionProblem::Wrong("a list of pairs of brackets"))
}
