//! Hints that a package's name imitates a popular one: a slip of the keyboard or eye away from it.
//!
//! A hint is worth reading only if it is nearly always right, so the rules give way where honest names are neighbours:
//! plurals, first letters, short words, version numbers, and names that only the popular one's own publisher can give out
//! (scopes of npm, vendors of Packagist, reserved prefixes of NuGet, owners of repositories).

use crate::Ecosystem;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

/// The popular name that a name imitates, if it looks like it. Takes microseconds; knows npm, PyPI, crates.io, RubyGems, Go,
/// Packagist and NuGet, and answers `None` for all others.
///
/// ```
/// use bartizan_packages::{Ecosystem, typosquat::imitates};
/// assert_eq!(imitates(Ecosystem::PyPi, "reqeusts"), Some("requests"));
/// assert_eq!(imitates(Ecosystem::Npm, "preact"), None);
/// ```
pub fn imitates(ecosystem: Ecosystem, name: &str) -> Option<&'static str> {
    if name.len() > MAX_NAME || letters(name) < MIN_LETTERS {
        return None;
    }
    index(ecosystem)?.imitated(&canonical(ecosystem, name))
}

/// Letters that a name needs: between shorter ones a slip means nothing.
const MIN_LETTERS: usize = 5;
/// Letters that a name needs where only separators differ: short words are put together in one way by one author and in
/// the other by the next.
const MIN_LETTERS_SQUASHED: usize = 8;
/// Bytes beyond which a name imitates nothing: those of registries end at 214 (npm) or before.
const MAX_NAME: usize = 214;

fn index(ecosystem: Ecosystem) -> Option<&'static Index> {
    macro_rules! popular {
        ($($ecosystem:ident $file:literal,)*) => {
            match ecosystem {
                $(Ecosystem::$ecosystem => {
                    static INDEX: LazyLock<Index> = LazyLock::new(|| {
                        Index::new(Ecosystem::$ecosystem, include_str!(concat!("../data/popular/", $file, ".txt")))
                    });
                    Some(&*INDEX)
                })*
                _ => None,
            }
        };
    }
    popular! {
        Npm "npm",
        PyPi "pypi",
        CratesIo "crates.io",
        RubyGems "rubygems",
        Go "go",
        Packagist "packagist",
        NuGet "nuget",
    }
}

/// The form in which names are compared: registries take names as equal that differ in case, and some in separators.
fn canonical(ecosystem: Ecosystem, name: &str) -> String {
    let name = ecosystem.normalise_name(name).to_lowercase();
    match ecosystem {
        Ecosystem::CratesIo => name.replace('_', "-"),
        Ecosystem::Go => without_major(&name).to_owned(),
        _ => name,
    }
}

/// A module path without `/v2`.
fn without_major(path: &str) -> &str {
    match path.rsplit_once("/v") {
        Some((front, digits)) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            front
        }
        _ => path,
    }
}

/// Popular names, found by what they become when a letter goes missing and by how they look.
struct Index {
    ecosystem: Ecosystem,
    /// As in the file, and as compared.
    names: Vec<(&'static str, String)>,
    exact: HashMap<String, u16>,
    looks: HashMap<String, u16>,
    /// Hashes of each name and of each with one letter left out: two names at distance one share at least one.
    variants: HashMap<u64, Vec<u16>>,
}

impl Index {
    fn new(ecosystem: Ecosystem, file: &'static str) -> Self {
        let mut index = Self {
            ecosystem,
            names: Vec::new(),
            exact: HashMap::new(),
            looks: HashMap::new(),
            variants: HashMap::new(),
        };
        for name in file.lines().filter(|line| !line.is_empty()) {
            let Ok(id) = u16::try_from(index.names.len()) else { break };
            let compared = canonical(ecosystem, name);
            index.exact.entry(compared.clone()).or_insert(id);
            if letters(&compared) >= MIN_LETTERS {
                index.looks.entry(look(ecosystem, &compared)).or_insert(id);
                for hash in variants(&compared) {
                    index.variants.entry(hash).or_default().push(id);
                }
            }
            index.names.push((name, compared));
        }
        index
    }

    fn imitated(&self, name: &str) -> Option<&'static str> {
        if self.exact.contains_key(name) {
            return None;
        }
        let at = |id: u16| self.names.get(usize::from(id));
        if let Some((written, popular)) = self.looks.get(&look(self.ecosystem, name)).and_then(|id| at(*id))
            && !self.same_publisher(popular, name)
            && (letters(name) >= MIN_LETTERS_SQUASHED || !separated_otherwise(popular, name))
        {
            return Some(written);
        }
        if !name.is_ascii() {
            return None;
        }
        let mut found: Vec<u16> =
            variants(name).filter_map(|hash| self.variants.get(&hash)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        let slipped = |id: &u16| {
            let (written, popular) = at(*id)?;
            let near = is_slip(popular.as_bytes(), name.as_bytes()) && !self.same_publisher(popular, name);
            near.then_some(*written)
        };
        found.iter().find_map(slipped)
    }

    /// Whether only the publisher of `popular` can give out `name`.
    fn same_publisher(&self, popular: &str, name: &str) -> bool {
        let end = match self.ecosystem {
            Ecosystem::Npm if popular.starts_with('@') => popular.find('/'),
            Ecosystem::Packagist => popular.find('/'),
            // Host and owner; on hosts of their own the host alone.
            Ecosystem::Go => {
                let host = popular.find('/');
                let shared = popular.starts_with("github.com/") || popular.starts_with("gopkg.in/");
                match host.filter(|_| shared) {
                    Some(host) => {
                        popular.get(host + 1..).and_then(|rest| rest.find('/')).map(|at| host + 1 + at)
                    }
                    None => host.or(Some(popular.len())),
                }
            }
            // Reserved for their owner (NuGet documentation, "Package ID prefix reservation").
            Ecosystem::NuGet => {
                ["microsoft.", "system.", "awssdk.", "azure.", "google.", "xunit.", "serilog."]
                    .iter()
                    .find(|prefix| popular.starts_with(**prefix))
                    .map(|prefix| prefix.len())
            }
            _ => None,
        };
        end.and_then(|end| popular.get(..end)).is_some_and(|owner| name.starts_with(owner))
    }
}

/// Whether two names differ in their separators.
fn separated_otherwise(a: &str, b: &str) -> bool {
    let separators = |name: &str| name.matches(['-', '_', '.']).count();
    separators(a) != separators(b)
}

fn letters(name: &str) -> usize {
    name.chars().filter(|char| char.is_alphabetic()).count()
}

/// Hashes of a name and of the name with each of its bytes left out.
fn variants(name: &str) -> impl Iterator<Item = u64> {
    let bytes = name.as_bytes();
    let hash = |front: &[u8], back: &[u8]| {
        let mut hasher = DefaultHasher::new();
        for byte in front.iter().chain(back) {
            byte.hash(&mut hasher);
        }
        hasher.finish()
    };
    let whole = std::iter::once(hash(bytes, &[]));
    whole.chain((0..bytes.len()).map(move |at| {
        let (front, back) = bytes.split_at(at);
        hash(front, back.get(1..).unwrap_or_default())
    }))
}

/// How a name looks at a glance: characters that are taken for others become those, separators go. Paths of modules keep
/// theirs, which belong to the address.
fn look(ecosystem: Ecosystem, name: &str) -> String {
    let plain: String = name
        .chars()
        .filter(|char| ecosystem == Ecosystem::Go || !matches!(char, '-' | '_' | '.'))
        .map(look_of)
        .collect();
    plain.replace("rn", "m").replace("vv", "w")
}

/// The Latin letter that a digit, Greek or Cyrillic letter is taken for (the plainest of Unicode's confusables, UTS 39).
fn look_of(char: char) -> char {
    match char {
        '0' | 'ο' | 'о' | 'օ' => 'o',
        '1' | 'ӏ' | 'ⅼ' | 'ł' => 'l',
        'а' | 'α' | 'à' | 'á' | 'â' | 'ä' | 'å' => 'a',
        'е' | 'ε' | 'é' | 'è' | 'ê' | 'ë' | 'ё' => 'e',
        'і' | 'ι' | 'ì' | 'í' | 'ï' | 'ı' => 'i',
        'р' | 'ρ' => 'p',
        'с' | 'ç' | 'ϲ' => 'c',
        'у' | 'γ' | 'ý' => 'y',
        'х' | 'χ' => 'x',
        'ѕ' => 's',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'т' | 'τ' => 't',
        'м' => 'm',
        'н' | 'һ' => 'h',
        'в' => 'b',
        'ԁ' => 'd',
        'ԛ' => 'q',
        'ѡ' | 'ω' => 'w',
        'ν' | 'ѵ' => 'v',
        'ñ' | 'η' => 'n',
        'ö' | 'ó' | 'ò' | 'ô' | 'ø' => 'o',
        'ü' | 'ú' | 'ù' | 'υ' => 'u',
        other => other,
    }
}

/// Whether `name` is one slip away from `popular`, of a kind that people and impostors make.
fn is_slip(popular: &[u8], name: &[u8]) -> bool {
    let front = popular.iter().zip(name).take_while(|(a, b)| a == b).count();
    let (Some(left), Some(right)) = (popular.get(front..), name.get(front..)) else { return false };
    let word = word_around(popular, front);
    let length = word.end - word.start;
    let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_lowercase);
    let starts = front == word.start;
    match (left, right) {
        // Two neighbours in the wrong order.
        ([a, b, left @ ..], [c, d, right @ ..]) if a == d && b == c && a != b && left == right => {
            length >= 5 && a.is_ascii_lowercase() && b.is_ascii_lowercase()
        }
        // Another letter instead: the one beside it on the keyboard, or any inside a long word.
        ([a, left @ ..], [b, right @ ..]) if left == right => {
            let last = front + 1 == word.end;
            // Last letters make plurals and other forms of a word.
            let form = last && [a, b].iter().any(|letter| matches!(letter, b's' | b'd' | b'r'));
            let far = length >= 8 && !last;
            let near = length >= if last { 7 } else { 6 } && !form && beside(*a, *b);
            letter(Some(a)) && letter(Some(b)) && !starts && (far || near)
        }
        // One letter more.
        (left, [b, right @ ..]) if left == right => {
            // Behind a word the front ends at the separator, and the word is the one before.
            let word = if length == 0 || left.is_empty() || !letter(left.first()) {
                word_before(popular, front)
            } else {
                word
            };
            let length = word.end - word.start;
            let doubled = before(popular, front) == Some(*b) || left.first() == Some(b);
            let inside = front > word.start && front < word.end;
            letter(Some(b)) && (doubled && length >= 6 || inside && length >= 8)
        }
        // One letter less.
        ([a, left @ ..], right) if left == right => {
            let undoubled = before(popular, front) == Some(*a) || left.first() == Some(a);
            let inside = !starts && front + 1 < word.end;
            letter(Some(a)) && length >= 6 && (undoubled || inside)
        }
        _ => false,
    }
}

fn before(bytes: &[u8], at: usize) -> Option<u8> {
    at.checked_sub(1).and_then(|at| bytes.get(at)).copied()
}

/// The letters and digits around a place.
fn word_around(bytes: &[u8], at: usize) -> std::ops::Range<usize> {
    let at = at.min(bytes.len());
    let (front, back) = bytes.split_at(at);
    let start = front.iter().rposition(|byte| !byte.is_ascii_alphanumeric()).map_or(0, |found| found + 1);
    let end =
        back.iter().position(|byte| !byte.is_ascii_alphanumeric()).map_or(bytes.len(), |found| at + found);
    start..end
}

fn word_before(bytes: &[u8], at: usize) -> std::ops::Range<usize> {
    word_around(bytes.get(..at).unwrap_or(bytes), at)
}

/// Whether two letters lie side by side on a keyboard with the letters QWERTY.
fn beside(a: u8, b: u8) -> bool {
    const ROWS: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
    let place = |letter: u8| {
        let row = ROWS.iter().position(|row| row.contains(&letter))?;
        let column = ROWS.get(row)?.iter().position(|other| *other == letter)?;
        Some((row, column))
    };
    let (Some((row, column)), Some((other_row, other_column))) = (place(a), place(b)) else { return false };
    match row.abs_diff(other_row) {
        0 => column.abs_diff(other_column) == 1,
        // Each row stands half a key or so to the right of the one above.
        1 => {
            let (upper, lower) =
                if row < other_row { (column, other_column) } else { (other_column, column) };
            upper == lower || upper == lower + 1
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Index, canonical, imitates, index};
    use crate::Ecosystem::{self, CratesIo, Go, Npm, NuGet, Packagist, PyPi, RubyGems};
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    const ALL: [Ecosystem; 7] = [Npm, PyPi, CratesIo, RubyGems, Go, Packagist, NuGet];

    #[test]
    fn slips_are_noticed() {
        for (ecosystem, name, popular) in [
            (PyPi, "reqeusts", "requests"),
            (PyPi, "requessts", "requests"),
            (PyPi, "colourama", "colorama"),
            (PyPi, "diango", "django"),
            (PyPi, "beautifulsup4", "beautifulsoup4"),
            (PyPi, "pythondateutil", "python-dateutil"),
            (PyPi, "tensorfIow", "tensorflow"),
            (Npm, "crossenv", "cross-env"),
            (Npm, "expresss", "express"),
            (Npm, "loadsh", "lodash"),
            (Npm, "l0dash", "lodash"),
            (Npm, "lodahs", "lodash"),
            (Npm, "exprees", "express"),
            (Npm, "mongose", "mongoose"),
            (Npm, "discordjs", "discord.js"),
            (Npm, "еxpress", "express"),
            (Npm, "typescirpt", "typescript"),
            (Npm, "@angulra/core", "@angular/core"),
            (RubyGems, "nokogirl", ""),
            (RubyGems, "active_record", "activerecord"),
            (RubyGems, "rspec_core", "rspec-core"),
            (CratesIo, "rustdecimal", "rust_decimal"),
            (CratesIo, "toklo-util", ""),
            (Go, "github.com/siruspen/logrus", "github.com/sirupsen/logrus"),
            (Packagist, "symfnoy/process", "symfony/process"),
            (Packagist, "symfont/process", "symfony/process"),
            (NuGet, "Newtonsoft.Jsn", ""),
            (NuGet, "Newtonsfot.Json", "newtonsoft.json"),
            (NuGet, "Mircosoft.Extensions.Logging", "microsoft.extensions.logging"),
        ] {
            assert_eq!(imitates(ecosystem, name).unwrap_or(""), popular, "{name}");
        }
    }

    /// Honest packages that stand beside popular ones.
    #[test]
    fn honest_neighbours_are_left_alone() {
        let lists: [(Ecosystem, &str); 7] = [
            (
                Npm,
                "react preact lodash lodash-es color colors chalk chalks request requests reacts inferno vue vuex vues \
                 express-ws expressjs koa koan next nest nextjs axios axio redux reduce mobx moment momento uuid uid cuid \
                 stylis stylus sass scss less typedorm typeorm parse parser marked marker enzyme jest just jests \
                 mocha mocks ava avas debug debugs glob globs async asyncs pinot pino bull bell queue boxen boxes \
                 react-domain react-dom react-router react-routes cookie cookies is-number is-numeric mime mimes ws \
                 socket.io-parser @types/react-doms @babel/cores @angular/commonn esbuild-wasm one-time is-object isstream webpack-chain ms tslib \
                 vite vitest vites nuxt next-auth node-fetch-native cross-fetch2 yargs yarg rollups bn.js js-yamls d3 d4 \
                 @acme/lodash @my/react-dom lodash4 lodash3 eslint-plugin-react-native electron-is prettierx uglify-js3",
            ),
            (
                PyPi,
                "boto3 botocore boto2 boto request requests requests2 requests3 pandas-ta numpy numpydoc flask flasky \
                 django-cms pytest-cov pytest-mocks urllib urllib2 urllib4 pyyaml oyaml httpx httpie jinja2 jinja3 attr \
                 attrs black block isort sort click clicks rich riches pillow pillow-simd typer type types tomli toml \
                 tomlkit redis aredis redis3 celery celerys scipy scrapy psycopg psycopg3 lxml xml pytz pytz-deprecation-shim \
                 dask task mock mocks moto motor motors h5py h11 trio trios python-requests requests-python types-requests \
                 gevent gevents pyjwt jwt markdown markdown2 pypdf pypdf2 pypdf4 pypdf3 pacparser pyocd tabulate tabulator colorlog pyqt5 pyqt6 pyside",
            ),
            (
                CratesIo,
                "serde_yml serde_yaml serde-json rand rands libc libm nom nomi tokio tokio2 sha1 sha2 sha3 md5 md-5 http httpx \
                 mio miow winapi winapi-util clap clapp log logs slog flog hex hexx ring rings time times lazycell sys-info ffi once_cell \
                 syn syn2 nix unix tar tark toml tomlx ureq reqwest request askama axum axums diesel diesels uuid ulid",
            ),
            (
                RubyGems,
                "rack rails rail rake raker pg pry spry sinatra sinatras puma pumas devise devises rspec rspec-rail json jsons \
                 thor thord mysql mysql2 redis redis-rb sass sassc faker ffaker fakes listen listens slim slime ox oj http https \
                 parser parsers mail mails i18n tilt guard guards roda rods config configs dotenv aasm grape grapes kramdown",
            ),
            (
                Go,
                "github.com/spf13/cobra-cli github.com/golang/mocks github.com/go-redis/redis/v8 github.com/pkg/error \
                 github.com/pkg/errorx gopkg.in/yaml.v1 golang.org/x/crypt github.com/gorilla/mux/v2 github.com/lib/pqx \
                 github.com/sirupsen/logruss github.com/Sirupsen/logrus github.com/BurntSushi/toml k8s.io/apis",
            ),
            (
                Packagist,
                "symfony/proces symfony/consoles laravel/frameworks psr/logs psr/logger monolog/monologs guzzlehttp/guzzles \
                 league/uris doctrine/orms twig/twigs acme/console",
            ),
            (
                NuGet,
                "System.Text.Jsons Microsoft.Extensions.Loging Serilog.Sinks.Files NUnit3 NUnit2 xunit2 xunit.asserts Moq4 \
                 AutoMappers Polly.Cores Dapper.Contribs NLogs EntityFramework6 Newtonsoft.Json2 itext8",
            ),
        ];
        let mut wrong = Vec::new();
        let mut count = 0;
        for (ecosystem, names) in lists {
            for name in names.split_whitespace() {
                count += 1;
                if let Some(popular) = imitates(ecosystem, name) {
                    wrong.push(format!("{ecosystem}: {name} for {popular}"));
                }
            }
        }
        assert!(wrong.is_empty(), "of {count}: {wrong:#?}");
        assert!(count > 300, "{count}");
    }

    #[test]
    fn no_popular_name_imitates_another_and_lists_are_sorted() {
        for ecosystem in ALL {
            let Index { names, .. } = index(ecosystem).unwrap();
            assert!(names.len() >= 150, "{ecosystem}: {}", names.len());
            for pair in names.windows(2) {
                assert!(pair[0].0 < pair[1].0, "{ecosystem}: {} stands before {}", pair[0].0, pair[1].0);
            }
            for (written, compared) in names {
                assert_eq!(imitates(ecosystem, written), None);
                assert_eq!(canonical(ecosystem, compared), *compared);
            }
        }
    }

    #[test]
    fn an_answer_takes_microseconds() {
        let names = ["reqeusts", "an-honest-and-rather-long-name", "x", "github.com/some/one"];
        imitates(PyPi, "warm");
        let start = Instant::now();
        for _ in 0..2_500 {
            for name in names {
                std::hint::black_box(imitates(PyPi, std::hint::black_box(name)));
            }
        }
        // 10,000 answers; unoptimised, on a busy machine.
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    }

    proptest! {
        #[test]
        fn any_name_is_answered(name in "\\PC{0,40}") {
            for ecosystem in ALL {
                let _ = imitates(ecosystem, &name);
            }
        }

        #[test]
        fn a_swap_inside_a_long_word_is_always_noticed(pick in any::<prop::sample::Index>(), at in any::<prop::sample::Index>()) {
            let names: Vec<&str> = index(PyPi).unwrap().names.iter().map(|(name, _)| *name)
                .filter(|name| name.len() >= 8 && name.bytes().all(|byte| byte.is_ascii_lowercase())).collect();
            let name = *pick.get(&names);
            let at = at.index(name.len() - 1);
            let mut bytes = name.as_bytes().to_vec();
            bytes.swap(at, at + 1);
            let swapped = String::from_utf8(bytes).unwrap();
            prop_assume!(swapped != name);
            prop_assert!(imitates(PyPi, &swapped).is_some(), "{swapped}");
        }
    }
}
