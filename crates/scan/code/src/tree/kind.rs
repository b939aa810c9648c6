//! What a node of the generic tree is.

/// The kind of a node, with the meaning of its children. A slot that the source leaves out is a [`Kind::Missing`] node, so
/// slots keep their number. `*` is any number of children.
///
/// What a language's lowering does not name becomes [`Kind::Other`]: it still matches by grammar rule and children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    // ── structure ──
    /// An empty slot.
    Missing,
    /// A construct without a lowering: children are the grammar's, with tokens that tell (operators, keywords) as
    /// [`Kind::Token`].
    Other,
    /// A token of the grammar that is no name or literal. Symbol: its text.
    Token,
    /// Source that the grammar could not read, or that is nested too deeply. Symbol: none. Never matches by structure.
    Error,
    /// A comment. Kept out of all lists.
    Comment,
    /// A whole file. `statement*`
    Program,

    // ── names and literals ──
    /// An identifier, also `this` and `self`. Symbol: the name, without a language's sigil.
    Name,
    /// A string without interpolation. Symbol: its content as written, without quotes and prefix.
    String,
    /// A string with interpolation. Symbol: what makes the string of its parts, where the language names it. `(StringPart | expression)*`
    Template,
    /// A literal piece of a [`Kind::Template`]. Symbol: its text.
    StringPart,
    /// A number. Symbol: as written.
    Number,
    /// A character. Symbol: its content without quotes.
    Char,
    /// A regular expression literal. Symbol: its source without delimiters.
    Regex,
    /// `true` or `false`. Symbol: [`TRUE`](super::Symbol::TRUE) or [`FALSE`](super::Symbol::FALSE).
    Bool,
    /// `null`, `nil`, `None`, `undefined`.
    Null,
    /// A symbol or atom (`:name`). Symbol: the name.
    Atom,

    // ── expressions ──
    /// `object.name`, also `->`, `::` and `?.`. Symbol: `->` where a language tells it from `.`. `object, Name`
    Field,
    /// `object[index]`. `object, index*`
    Index,
    /// A range within an index. `from, to, step`
    Slice,
    /// A call. `callee, Arguments`
    Call,
    /// An object made. `type, Arguments, Body | Missing`
    New,
    /// Arguments of a call. `(expression | KeywordArgument | Spread)*`
    Arguments,
    /// A named argument. `Name, value`
    KeywordArgument,
    /// `*x`, `**x`, `...x`. Symbol: the operator. `expression`
    Spread,
    /// An assignment to what exists (or, in languages without declarations, may). `target, value`
    Assign,
    /// A compound assignment. Symbol: the operator without `=`. `target, value`
    AugmentedAssign,
    /// A binary operator. Symbol: the operator, `and`/`or` written `&&`/`||`. `left, right`
    Binary,
    /// A prefix operator. Symbol: the operator, `not` written `!`. `operand`
    Unary,
    /// A postfix operator. Symbol: the operator. `operand`
    Postfix,
    /// `condition ? a : b`. `condition, then, else`
    Ternary,
    /// An anonymous function. `Parameters, Block | expression`
    Lambda,
    /// A list or array. `element*`
    List,
    /// A tuple. `element*`
    Tuple,
    /// A set. `element*`
    Set,
    /// A dictionary or object literal. `(Pair | Spread | Name | Function)*`
    Dict,
    /// One entry. `key, value`
    Pair,
    /// A comprehension or generator. Symbol: the bracket (`[`, `{`, `(`). `element, (Generator | condition)*`
    Comprehension,
    /// `for target in iterable` of a comprehension. `target, iterable`
    Generator,
    /// `await x`. `expression`
    Await,
    /// `yield x`. `expression | Missing`
    Yield,
    /// A conversion. `type, expression`
    Cast,
    /// `x instanceof T`, `x is T`. `expression, type`
    TypeTest,
    /// An object made with its fields named: `Point { x: 1 }`. `type, (Pair | Spread | expression)*`
    Construct,
    /// An embedded element (JSX, HTML, XML). `name, Attribute*, content*` with content in a [`Kind::Block`]
    Element,
    /// `name="value"` of an element. `Name, value | Missing`
    Attribute,
    /// Text of an element. Symbol: the text, trimmed.
    Text,
    /// A macro call. `Name, Arguments`
    Macro,

    // ── types ──
    /// A type, where the grammar tells types from expressions. Simple names stay [`Kind::Name`]/[`Kind::Field`].
    /// Generic types: `base, TypeArguments`
    GenericType,
    /// Arguments of a generic type. `type*`
    TypeArguments,
    /// An array, pointer or reference type. Symbol: `[]`, `*`, `&`. `type`
    WrappedType,

    // ── statements ──
    /// Statements in a scope. `statement*`
    Block,
    /// An expression as a statement. `expression`
    ExpressionStatement,
    /// A variable declared. `Modifiers, type | Missing, target, value | Missing`
    VariableDefinition,
    /// Several declarations in one statement, flattened where they stand in a block. `VariableDefinition*`
    Definitions,
    /// `if`. `condition, then, else | Missing`
    If,
    /// `while`, `until`. Symbol: [`NOT`](super::Symbol::NOT) for `until`. `condition, body`
    While,
    /// `do … while`. `body, condition`
    DoWhile,
    /// `for (a; b; c)`. `initial, condition, update, body`
    For,
    /// `for x in y`. `target, iterable, body, else | Missing`
    ForEach,
    /// `switch`, `match`, `case … in`. `subject, Case*`
    Switch,
    /// One branch. `pattern*, Block` with the block last; no patterns for the default branch
    Case,
    /// `try`. `Block, Catch*, Finally | Missing, else Block | Missing` with `Finally` and else always last two
    Try,
    /// An exception handler. `type | Missing, target | Missing, Block`
    Catch,
    /// `throw`, `raise`. `expression | Missing`
    Throw,
    /// `return`. `expression | Missing`
    Return,
    /// `break`. `label | Missing`
    Break,
    /// `continue`. `label | Missing`
    Continue,
    /// `with`, `using`, try-with-resources. `(VariableDefinition | expression)*, Block` with the block last
    With,
    /// `goto`. `Name`
    Goto,
    /// A label before a statement. `Name, statement`
    Labeled,
    /// `assert`. `expression*`
    Assert,
    /// `del`, `delete`, `unset`. `expression*`
    Delete,
    /// `global`, `nonlocal`. `Name*`
    Global,
    /// Does nothing: `pass`, `;`.
    Empty,
    /// Runs at the end of the function. `expression`
    Defer,
    /// Starts something concurrent. `expression`
    Spawn,

    // ── imports ──
    /// A module imported as a whole. `module (dotted Name/Field or String), alias Name | Missing`
    Import,
    /// Names out of a module. `module, ImportedName*`
    ImportFrom,
    /// One of them. `Name, alias Name | Missing`. Name `*` for all
    ImportedName,
    /// The file's package or namespace. `name`
    Package,

    // ── definitions ──
    /// A function or method. Symbol: `=` where a language tells a body that is an expression from a block. `Modifiers, return type | Missing, Name | Missing, Parameters, Block | expression | Missing`
    Function,
    /// Parameters. `(Parameter | Ellipsis)*`
    Parameters,
    /// One parameter. Symbol: `*`, `**`, `...`, `&` before its name. `Modifiers, type | Missing, target, default | Missing`
    Parameter,
    /// A class, interface, struct, trait, enum, module or object. Symbol: the keyword. `Modifiers, Name | Missing,
    /// Supers, Block`
    Class,
    /// What a class inherits from. `(type | KeywordArgument)*`
    Supers,
    /// Modifiers, annotations and decorators, in order. `(Token | Decorator)*`
    Modifiers,
    /// An annotation, decorator or attribute. `expression` (a [`Kind::Call`] where it has arguments)
    Decorator,
    /// Type parameters. `Other*`
    TypeParameters,

    // ── only in patterns ──
    /// `$X`. Symbol: `$X`.
    Metavariable,
    /// `$...X`. Symbol: `$...X`.
    MetavariableEllipsis,
    /// `...`
    Ellipsis,
    /// `<... p ...>`. `pattern`
    Deep,
    /// `($X : T)`. Symbol: `$X`. `type`
    TypedMetavariable,
}

impl Kind {
    /// How many kinds there are.
    pub const COUNT: usize = Self::TypedMetavariable as usize + 1;

    /// Whether a node of this kind stands in the statement list of a [`Kind::Block`] or [`Kind::Program`].
    pub fn has_statements(self) -> bool {
        matches!(self, Self::Block | Self::Program)
    }

    /// Whether a node of this kind is a literal.
    pub fn is_literal(self) -> bool {
        matches!(
            self,
            Self::String | Self::Number | Self::Char | Self::Regex | Self::Bool | Self::Null | Self::Atom
        )
    }

    /// Whether a node of this kind starts a scope of its own with parameters.
    pub fn is_function(self) -> bool {
        matches!(self, Self::Function | Self::Lambda)
    }
}
