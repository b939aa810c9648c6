//! PCRE syntax as the syntax of Rust's engines. What they share is copied.

use super::RegexError;

/// A translated expression.
pub(super) struct Translated {
    pub(super) text: String,
    /// Has what takes backtracking although the linear engine would read it, otherwise than Perl does.
    pub(super) backtracks: bool,
    /// Has a group in extended mode, so that `#` may start a comment.
    pub(super) extended: bool,
}

/// Translates an expression; see `pcre2pattern(3)` for what it may hold.
pub(super) fn translate(source: &str) -> Result<Translated, RegexError> {
    let verbs = leading_verbs(source);
    let mut reader = Reader {
        source,
        at: verbs,
        out: String::with_capacity(source.len().saturating_add(16)),
        backtracks: false,
        extended: vec![false],
        any_extended: false,
        groups: count_groups(source),
        opened: 0,
    };
    reader.run()?;
    Ok(Translated { text: reader.out, backtracks: reader.backtracks, extended: reader.any_extended })
}

/// Length of `(*UTF8)` and the like: they switch on what is on here, or tune the engine.
fn leading_verbs(source: &str) -> usize {
    let mut at = 0;
    while let Some(rest) = source.get(at..)
        && rest.starts_with("(*")
        && let Some(end) = rest.find(')')
        && rest.get(2..end).is_some_and(|verb| verb.starts_with(|first: char| first.is_ascii_uppercase()))
    {
        at += end + 1;
    }
    at
}

/// How many groups capture; good enough to tell `\12` the group from `\12` the character.
fn count_groups(source: &str) -> usize {
    let bytes = source.as_bytes();
    let captures = |at: usize| match bytes.get(at + 1) {
        Some(b'?') => {
            let named = bytes.get(at + 2).is_some_and(|byte| matches!(byte, b'P' | b'<' | b'\''));
            named && !bytes.get(at + 3).is_some_and(|byte| matches!(byte, b'=' | b'!' | b'>'))
        }
        Some(b'*') => false,
        _ => true,
    };
    let opened =
        |at: &usize| bytes.get(*at) == Some(&b'(') && (*at == 0 || bytes.get(*at - 1) != Some(&b'\\'));
    (0..bytes.len()).filter(opened).filter(|&at| captures(at)).count()
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
    out: String,
    backtracks: bool,
    /// Whether extended mode is on, for each open group.
    extended: Vec<bool>,
    any_extended: bool,
    groups: usize,
    opened: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest().chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn error(&self, reason: &str) -> RegexError {
        RegexError::Syntax { at: self.at, reason: reason.to_owned() }
    }

    fn literal(&mut self, character: char) {
        if character.is_ascii() && !character.is_ascii_alphanumeric() {
            // Works within classes and in extended mode too, whatever the character.
            self.out.push_str(&format!("\\x{:02X}", u32::from(character)));
        } else {
            self.out.push(character);
        }
    }

    fn is_extended(&self) -> bool {
        self.extended.last().copied().unwrap_or_default()
    }

    fn run(&mut self) -> Result<(), RegexError> {
        // Whether a quantifier has just been read: then `+` makes it possessive.
        let mut quantified = false;
        while let Some(character) = self.next() {
            let mut now_quantified = false;
            match character {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.open()?,
                ')' => {
                    if self.extended.len() < 2 {
                        return Err(self.error("a closing parenthesis without an opening one"));
                    }
                    self.extended.pop();
                    self.out.push(')');
                }
                '#' if self.is_extended() => {
                    let end = self.rest().find('\n').map_or(self.rest().len(), |end| end + 1);
                    self.at += end;
                }
                '*' | '+' | '?' => {
                    if quantified && character == '*' {
                        return Err(self.error("nothing to repeat"));
                    }
                    self.backtracks |= quantified && character == '+';
                    self.out.push(character);
                    now_quantified = !quantified;
                }
                '{' => match interval(self.rest()) {
                    Some(length) => {
                        self.out.push('{');
                        self.out.push_str(self.rest().get(..length).unwrap_or_default());
                        self.at += length;
                        now_quantified = true;
                    }
                    None => self.out.push_str(r"\{"),
                },
                '}' => self.out.push_str(r"\}"),
                ']' => self.out.push_str(r"\]"),
                _ => self.out.push(character),
            }
            quantified = now_quantified;
        }
        if self.extended.len() > 1 { Err(self.error("a group is not closed")) } else { Ok(()) }
    }

    /// Behind `(`.
    fn open(&mut self) -> Result<(), RegexError> {
        let rest = self.rest();
        if rest.starts_with("?#") {
            let end = rest.find(')').ok_or_else(|| self.error("a comment is not closed"))?;
            self.at += end + 1;
            return Ok(());
        }
        if rest.starts_with("?|") {
            return Err(self.error("groups that share numbers, `(?|`, are not supported"));
        }
        let extended = self.is_extended();
        if let Some(name) = rest.strip_prefix("?P=") {
            let end = name.find(')').ok_or_else(|| self.error("a group is not closed"))?;
            let name = name.get(..end).unwrap_or_default();
            self.out.push_str(&format!(r"\k<{name}>"));
            self.backtracks = true;
            self.at += "?P=".len() + end + 1;
            return Ok(());
        }
        if let Some(name) = rest.strip_prefix("?'") {
            let end = name.find('\'').ok_or_else(|| self.error("a group's name is not closed"))?;
            self.out.push_str(&format!("(?P<{}>", name.get(..end).unwrap_or_default()));
            self.at += "?'".len() + end + 1;
            self.opened += 1;
            self.extended.push(extended);
            return Ok(());
        }
        if let Some(flags) = rest.strip_prefix('?')
            && let Some(end) = flags
                .find(|character: char| !character.is_ascii_alphabetic() && !matches!(character, '-' | '^'))
            && let Some(close @ (')' | ':')) = flags.get(end..).and_then(|rest| rest.chars().next())
            && !flags.starts_with(['P', 'R'])
        {
            return self.flags(flags.get(..end).unwrap_or_default(), close, extended);
        }
        let capturing = !rest.starts_with('?')
            || rest.starts_with("?P<")
            || (rest.starts_with("?<") && !rest.starts_with("?<=") && !rest.starts_with("?<!"));
        self.opened += usize::from(capturing);
        self.out.push('(');
        for head in ["?P<", "?<=", "?<!", "?<", "?=", "?!", "?>"] {
            if rest.starts_with(head) {
                self.out.push_str(head);
                self.at += head.len();
                break;
            }
        }
        self.extended.push(extended);
        Ok(())
    }

    /// `(?i)` and `(?i:`, behind the parenthesis.
    fn flags(&mut self, flags: &str, close: char, extended: bool) -> Result<(), RegexError> {
        let (on, off) = flags.split_once('-').unwrap_or((flags, ""));
        let known = |flags: &str| -> String {
            flags.chars().filter(|flag| matches!(flag, 'i' | 'm' | 's' | 'x' | 'U')).collect()
        };
        // `J` and `n` change group names and numbering; `xx` is `x` with blanks in classes.
        if let Some(unknown) =
            flags.chars().find(|flag| !matches!(flag, 'i' | 'm' | 's' | 'x' | 'U' | 'J' | '-'))
        {
            return Err(self.error(&format!("the flag `{unknown}` is not supported")));
        }
        let mut on = known(on);
        on = on.replace("xx", "x");
        let off = known(off);
        let now = if off.contains('x') { false } else { extended || on.contains('x') };
        self.any_extended |= now;
        self.at += 1 + flags.len() + close.len_utf8();
        let minus = if off.is_empty() { String::new() } else { format!("-{off}") };
        if close == ':' {
            self.extended.push(now);
            self.out.push_str(&format!("(?{on}{minus}:"));
        } else {
            if let Some(current) = self.extended.last_mut() {
                *current = now;
            }
            if !on.is_empty() || !minus.is_empty() {
                self.out.push_str(&format!("(?{on}{minus})"));
            }
        }
        Ok(())
    }

    /// Behind `\`, outside a class.
    fn escape(&mut self) -> Result<(), RegexError> {
        let Some(character) = self.next() else { return Err(self.error("a backslash at the end")) };
        match character {
            'd' => self.out.push_str("[0-9]"),
            'D' => self.out.push_str("[^0-9]"),
            'w' => self.out.push_str("[0-9A-Za-z_]"),
            'W' => self.out.push_str("[^0-9A-Za-z_]"),
            's' => self.out.push_str(r"[\t\n\x0B\x0C\r\x20]"),
            'S' => self.out.push_str(r"[^\t\n\x0B\x0C\r\x20]"),
            'h' => self.out.push_str(HORIZONTAL),
            'H' => self.out.push_str(&HORIZONTAL.replacen('[', "[^", 1)),
            'v' => self.out.push_str(VERTICAL),
            'V' => self.out.push_str(&VERTICAL.replacen('[', "[^", 1)),
            'N' => self.out.push_str(r"[^\n]"),
            'R' => self.out.push_str(&format!(r"(?:\r\n|{VERTICAL})")),
            'Z' => {
                self.backtracks = true;
                self.out.push_str(r"(?=\n?\z)");
            }
            'A' | 'z' | 'b' | 'B' => self.out.extend(['\\', character]),
            'K' | 'G' => {
                self.backtracks = true;
                self.out.extend(['\\', character]);
            }
            'Q' => self.quoted(),
            'E' => {}
            'k' => {
                let name = self.name()?;
                self.reference(&name);
            }
            'g' => {
                let name = match self.peek() {
                    Some('{') => self.name()?,
                    _ => self.digits(true),
                };
                match name.parse::<i64>() {
                    Ok(number) if name.starts_with(['-', '+']) => {
                        let base = i64::try_from(self.opened).unwrap_or(i64::MAX);
                        let number = base.saturating_add(number).saturating_add(i64::from(number < 0));
                        self.reference_number(number)?;
                    }
                    Ok(number) => self.reference_number(number)?,
                    Err(_) => self.reference(&name),
                }
            }
            '1'..='9' => {
                self.at -= 1;
                let before = self.at;
                let digits = self.digits(false);
                match digits.parse::<usize>() {
                    Ok(number) if number < 10 || number <= self.groups => {
                        self.reference_number(i64::try_from(number).unwrap_or(0))?;
                    }
                    _ => {
                        self.at = before + 1;
                        self.character_escape(character)?;
                    }
                }
            }
            'p' | 'P' => self.property(character)?,
            _ => self.character_escape(character)?,
        }
        Ok(())
    }

    fn reference(&mut self, name: &str) {
        self.backtracks = true;
        self.out.push_str(&format!(r"\k<{name}>"));
    }

    fn reference_number(&mut self, number: i64) -> Result<(), RegexError> {
        if number < 1 || usize::try_from(number).is_ok_and(|number| number > self.groups) {
            return Err(self.error("a reference to a group that there is not"));
        }
        self.backtracks = true;
        // Grouped, so that a digit that follows is not part of the number.
        self.out.push_str(&format!(r"(?:\{number})"));
        Ok(())
    }

    /// `{name}`, `<name>` or `'name'`.
    fn name(&mut self) -> Result<String, RegexError> {
        let close = match self.next() {
            Some('{') => '}',
            Some('<') => '>',
            Some('\'') => '\'',
            _ => return Err(self.error("a group's name is expected")),
        };
        let end = self.rest().find(close).ok_or_else(|| self.error("a group's name is not closed"))?;
        let name = self.rest().get(..end).unwrap_or_default().to_owned();
        self.at += end + 1;
        if name.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '-' | '+')) {
            Ok(name)
        } else {
            Err(self.error("a group's name has other characters than letters, digits and `_`"))
        }
    }

    fn digits(&mut self, signed: bool) -> String {
        let rest = self.rest();
        let sign = usize::from(signed && rest.starts_with(['-', '+']));
        let digits = rest.get(sign..).unwrap_or_default();
        let length = digits.find(|character: char| !character.is_ascii_digit()).unwrap_or(digits.len());
        self.at += sign + length;
        rest.get(..sign + length).unwrap_or_default().to_owned()
    }

    /// `\Q…\E`.
    fn quoted(&mut self) {
        let rest = self.rest();
        let end = rest.find(r"\E").unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default().chars().for_each(|character| self.literal(character));
        self.at += (end + 2).min(rest.len());
    }

    /// `\p{L}`, `\pL`, `\p{^L}`.
    fn property(&mut self, letter: char) -> Result<(), RegexError> {
        let Some(first) = self.next() else { return Err(self.error("a property's name is expected")) };
        if first != '{' {
            self.out.extend(['\\', letter, first]);
            return Ok(());
        }
        let end = self.rest().find('}').ok_or_else(|| self.error("a property's name is not closed"))?;
        let name = self.rest().get(..end).unwrap_or_default();
        self.at += end + 1;
        let (negated, name) = name.strip_prefix('^').map_or((false, name), |name| (true, name));
        let letter = if negated == (letter == 'P') { 'p' } else { 'P' };
        self.out.push_str(&format!(r"\{letter}{{{name}}}"));
        Ok(())
    }

    /// An escape that stands for one character, within classes and without.
    fn character_escape(&mut self, character: char) -> Result<(), RegexError> {
        let code = match character {
            'a' => 0x07,
            'e' => 0x1B,
            'f' => 0x0C,
            'n' => 0x0A,
            'r' => 0x0D,
            't' => 0x09,
            'c' => match self.next() {
                Some(control) if control.is_ascii() => u32::from(control.to_ascii_uppercase()) ^ 0x40,
                _ => return Err(self.error(r"a control character is expected behind `\c`")),
            },
            'x' => self.hexadecimal()?,
            'o' if self.peek() == Some('{') => {
                let digits = self.name()?;
                u32::from_str_radix(&digits, 8).map_err(|_| self.error("an octal number is expected"))?
            }
            '0'..='7' => {
                self.at -= 1;
                let rest = self.rest();
                let length = rest.bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
                self.at += length;
                u32::from_str_radix(rest.get(..length).unwrap_or_default(), 8).unwrap_or_default()
            }
            _ if character.is_ascii_alphanumeric() => {
                return Err(self.error(&format!(r"`\{character}` is not supported")));
            }
            _ => {
                self.literal(character);
                return Ok(());
            }
        };
        if char::from_u32(code).is_none() {
            return Err(self.error("there is no such character"));
        }
        self.out.push_str(&format!(r"\x{{{code:X}}}"));
        Ok(())
    }

    fn hexadecimal(&mut self) -> Result<u32, RegexError> {
        let rest = self.rest();
        if rest.starts_with('{') {
            let end = rest.find('}').ok_or_else(|| self.error("a number is not closed"))?;
            self.at += end + 1;
            let digits = rest.get(1..end).unwrap_or_default();
            return u32::from_str_radix(digits.trim(), 16)
                .map_err(|_| self.error("a hexadecimal number is expected"));
        }
        let length = rest.bytes().take(2).take_while(u8::is_ascii_hexdigit).count();
        self.at += length;
        Ok(u32::from_str_radix(rest.get(..length).unwrap_or_default(), 16).unwrap_or_default())
    }

    /// Behind `[`.
    fn class(&mut self) -> Result<(), RegexError> {
        self.out.push('[');
        if self.peek() == Some('^') {
            self.at += 1;
            self.out.push('^');
        }
        let mut first = true;
        loop {
            let Some(character) = self.next() else { return Err(self.error("a class is not closed")) };
            match character {
                ']' if !first => break,
                '[' if self.rest().starts_with([':', '.', '=']) && self.posix()? => {}
                '\\' => self.class_escape()?,
                '-' => match self.peek() {
                    // At the edges, and behind a class, it is itself.
                    Some(']') => self.out.push_str(r"\-"),
                    _ if first || self.out.ends_with([']', '}']) && !self.ends_in_number() => {
                        self.out.push_str(r"\-")
                    }
                    _ if self.rest().starts_with(['\\'])
                        && self.rest().get(1..).is_some_and(|rest| {
                            rest.starts_with(['d', 'D', 'w', 'W', 's', 'S', 'h', 'H', 'v', 'V', 'p', 'P'])
                        }) =>
                    {
                        self.out.push_str(r"\-");
                    }
                    _ if self.rest().starts_with("[:") => self.out.push_str(r"\-"),
                    _ => self.out.push('-'),
                },
                _ => self.literal(character),
            }
            first = false;
        }
        self.out.push(']');
        Ok(())
    }

    /// Whether what was written last is `\x{…}`, a character that may begin a range.
    fn ends_in_number(&self) -> bool {
        self.out.ends_with('}')
            && self.out.rfind(r"\x{").is_some_and(|at| {
                self.out.get(at..).is_some_and(|tail| tail.find('}') == Some(tail.len() - 1))
            })
    }

    /// `[:name:]`, behind its first bracket.
    fn posix(&mut self) -> Result<bool, RegexError> {
        let rest = self.rest();
        let Some(name) = rest.strip_prefix(':') else { return Ok(false) };
        let Some(end) = name.find(":]") else { return Ok(false) };
        let name = name.get(..end).unwrap_or_default();
        if !name.trim_start_matches('^').bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Ok(false);
        }
        self.out.push_str(&format!("[:{name}:]"));
        self.at += end + 3;
        Ok(true)
    }

    /// Behind `\` in a class.
    fn class_escape(&mut self) -> Result<(), RegexError> {
        let Some(character) = self.next() else { return Err(self.error("a backslash at the end")) };
        match character {
            'd' => self.out.push_str("[0-9]"),
            'D' => self.out.push_str("[^0-9]"),
            'w' => self.out.push_str("[0-9A-Za-z_]"),
            'W' => self.out.push_str("[^0-9A-Za-z_]"),
            's' => self.out.push_str(r"[\t\n\x0B\x0C\r\x20]"),
            'S' => self.out.push_str(r"[^\t\n\x0B\x0C\r\x20]"),
            'h' => self.out.push_str(HORIZONTAL),
            'H' => self.out.push_str(&HORIZONTAL.replacen('[', "[^", 1)),
            'v' => self.out.push_str(VERTICAL),
            'V' => self.out.push_str(&VERTICAL.replacen('[', "[^", 1)),
            'b' => self.out.push_str(r"\x08"),
            'Q' => self.quoted(),
            'E' => {}
            'p' | 'P' => self.property(character)?,
            _ => self.character_escape(character)?,
        }
        Ok(())
    }
}

/// Blanks, the newer ones included.
const HORIZONTAL: &str = r"[\t\x20\x{A0}\x{1680}\x{180E}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]";
/// Ends of lines.
const VERTICAL: &str = r"[\n\x0B\x0C\r\x{85}\x{2028}\x{2029}]";

/// Length of `n}`, `n,}` or `n,m}`; a brace before anything else is itself.
fn interval(rest: &str) -> Option<usize> {
    // Two numbers of 16 bits and a comma: looking further would make a row of braces quadratic.
    let end = rest.bytes().take(16).position(|byte| byte == b'}')?;
    let (least, most) = match rest.get(..end)?.split_once(',') {
        Some((least, most)) => (least, most),
        None => (rest.get(..end)?, "0"),
    };
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!least.is_empty() && number(least) && number(most)).then_some(end + 1)
}
