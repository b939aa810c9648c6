#!/usr/bin/env python3
"""Holds Bartizan's order of versions against each ecosystem's own implementation, on tens of thousands of pairs.

    cargo build -p bartizan-packages --example compare_versions
    tools/version_oracle.py --bartizan target/debug/examples/compare_versions --osv DIR [--pairs N] [--only debian,rpm]

DIR holds OSV archives as the public bucket lays them out (`PyPI/all.zip`, `npm/all.zip`, ...); without it, and for
schemes of which it has none, versions come from the seeds below, and from the package lists of the machine.
Half of the pairs are versions as found (of one package where the source tells, else near each other), half mutated.

Peers, each skipped with a line that says so when it is not installed:

    pep440     packaging          --python: an interpreter that has it (pip install packaging)
    conan      conan              --python: the same (pip install conan)
    semver     node-semver        --node-modules: a folder that has it (npm install semver); loose, missing parts filled
    hex        Elixir's Version   elixir
    go         x/mod/semver       --go-mod: a folder with a go.mod that requires golang.org/x/mod
    rubygems   Gem::Version       ruby
    debian     Dpkg::Version      perl with libdpkg-perl
    rpm        rpm.labelCompare   --system-python: an interpreter that has rpm (python3-rpm)
    packagist  composer/semver    php, --composer: the folder that has Composer/Semver
    cran       compareVersion     Rscript
    maven      ComparableVersion  java, --maven-class-path: maven-artifact and commons-lang3
    alpine     apk                --apk: a program that reads "a<TAB>b" lines and prints <, = or >
    in:npm     node-semver's satisfies, in:PyPI packaging's SpecifierSet, in:Hex Version.match?, in:RubyGems
               Gem::Requirement and in:Packagist Composer\\Semver (releases only, since both leave prereleases to their
               callers), in:Maven VersionRange; in:crates.io Cargo's semver crate with --cargo: a program that reads
               "requirement<TAB>version" lines and prints y, n or ?

Differences that stay, each for a reason:

    conan        numbers and words such as 8u372 compare in circles there; ours is an order (see conan.rs)
    maven        nested lists compare in circles there, at places such as 1.foo.2; and before Maven 3.9 dots and hyphens
                 before words differed, and zeros before -1 did not count (give a newer class path)
    packagist    Composer knows `stable` in lower case only and sorts 1.0-STABLE under everything
    in:Hex       Elixir takes prereleases under `<`, `<=` and `!=` unasked; Hex's resolver does not
    in:Maven     as maven
    debian       Dpkg::Version reads a colon without a number before it; dpkg does not (only the peer reads)
    semver       npm's loose mode reads 0.1.23.4 as 0.1.2-3.4 (only the peer reads)

For each scheme it prints how many pairs were compared, on how many both had an answer, how many answers differ (and
examples), and what only one of the two reads. The exit code is 1 when an answer differs and 0 otherwise.
Only the standard library is used; the same seed gives the same pairs.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

SEEDS = {
    "maven": """1 1.0 1.0.0 1.1 1.2.3 1.2.3.4 1.0-SNAPSHOT 1.0-alpha 1.0-alpha-1 1.0-alpha1 1.0a1 1.0-b2 1.0-beta-2
        1.0-M1 1.0.M2 1.0-milestone-3 1.0-RC1 1.0.RC2 1.0.CR1 1.0-rc-1 1.0.Final 1.0.0.Final 1.0-GA 1.0.GA 1.0.RELEASE
        2.5.0.RELEASE 1.0-sp1 1.0.SP2 31.1-jre 31.1-android 30.0-jre 2.0.0-rc.1 1.0-jdk15on 1.68 20230227 1.4.200
        9.4.51.v20230217 4.1.94.Final 5.3.20 3.0.0-M7 2.12.7.1 1.0-2 1.0.0-1 42.2.5.jre7 6.0.0.Beta1 4.0.0.Alpha3
        1.0-20200101.123456-1 7.0.0.pre1 1.0-incubating 3.2.1-1 0.9.1.2 2.11.0_1 1.8.0-beta4 r03 1.0.1b 11.0.2.redhat-1
        1-foo 1.foo 1foo 1-foo-1 1-foo.1 1.0.0-0 1--1 1..1 1-.1 1.0.ga.1 2.0-m4.1 1.x 10.1.0-M20""",
    "packagist": """1.0 v1.0.0 1.2.3.4 1.0.0-alpha 1.0.0-alpha1 1.0.0-alpha.2 1.0.0-beta3 1.0.0-b4 1.0.0-RC1 1.0.0RC2
        1.0.0-rc.3 1.0.0-dev 1.0.0-beta2-dev 1.x-dev 1.2.x-dev 2.0.0-patch1 2.0.0-p2 2.0.0-pl3 1.0-stable 20100102
        2010-01-02 2010.1.555 2010-01-02-10-20-30.5 20100102-203040 201903.0 1.0.0+build 1.0.0@dev 5.4.0-BETA1 v6.0.0-RC1
        1.00.00.000 1.0.0-a 4.0.0-alpha-1 1.2 3.1.x-dev 0.0.1 10.4.6 dev-master 2020.05.25""",
    "rpm": """1.0-1 1.0-1.el8 1.0-1.el8_4 1.0-1.el9_2.3 0:1.0-1 1:0.9-2.fc38 2.0~rc1-1 2.0~beta2^git1-3 1.0^20200101git-1
        5.14.0-284.11.1.el9_2 1:1.1.1k-7.el8_6 2.34-28.el9_0.2 3:10.3.32-2.module+el8.5.0+777 7.61.1-22.el8.3 20220223-1
        4.18.0-372.9.1.rt7.166.el8 1.8.0.342.b07-2.el9_0 1.el8-1 abc-1 1.0a-1 1.0.a-1 1_0-1 2.0.1a-2 6.0.rc1-1 1.0~-1""",
    "alpine": """1.0 1.0-r0 1.2.3-r4 1.1.1g-r0 1.1.1l 3.0_alpha1-r0 3.0_beta 3.0_pre2 3.0_rc1-r2 2.0_p1 2.0_p2-r1
        1.0_git20200101-r0 1.0_cvs1 1.0_svn2 1.0_hg3 8.2.0015-r0 8.2.002 0.01 0.1 0.10 1.0.0 1.0_rc1_p2 20230506-r0
        1.2.3~ab12-r0 1.0a_p1 10.5.18-r0 0.0.0_git1""",
    "cran": "1.0 1.0-1 1.0.1 1.0-10 0.9-9 2023.1.1 1.0.0.9000 3.4-1.1 0.1 4.2.2 1.0.0 1-0 10.0",
    "conan": """1.0 1.1.1 1.1.1g 1.1.1w 3.0.8 cci.20200101 cci.20211115 20210324.2 1.0-beta 1.0-alpha.1 1.0-rc1+b1 1.0+b2
        2.0.0-pre.1 2.0-rc.2 8u372 1.a 1.2.b system 1.76.0 0.0.1""",
    "hex": "1.0.0 1.0.0-alpha 1.0.0-rc.1 1.0.0-rc.10 2.1.0-dev 0.1.0+build 1.0.0-beta.2+x 10.0.0 0.10.0 1.4.5",
}

OSV_SOURCES = {
    "semver": ["npm", "crates.io"],
    "hex": ["npm", "crates.io"],
    "pep440": ["PyPI"],
    "go": ["Go"],
    "rubygems": ["RubyGems"],
}

# What Bartizan calls a scheme, where it differs.
SCHEME = {"hex": "semver"}

# Whose versions the requirements of an ecosystem are tried on, and with which shapes.
REQUIREMENTS = {
    "in:npm": ("semver", ["^{}", "~{}", ">={}", "<={}", ">{}", "<{}", "{}", "={}", "^{} || {}", "{} - {}", ">={} <{}", "~>{}", "v{}", "{}.x", "*"]),
    "in:crates.io": ("semver", ["^{}", "~{}", ">={}", "<={}", ">{}", "<{}", "{}", "={}", ">={}, <{}", "{}.*", "*"]),
    "in:PyPI": ("pep440", ["=={}", "!={}", ">={}", "<={}", ">{}", "<{}", "~={}", "=={}.*", "!={}.*", ">={},<{}", "==={}"]),
    "in:RubyGems": ("rubygems", ["= {}", "!= {}", ">= {}", "<= {}", "> {}", "< {}", "~> {}", "{}", ">= {}, < {}"]),
    "in:Packagist": ("packagist", ["={}", "!={}", ">={}", "<={}", ">{}", "<{}", "^{}", "~{}", "{}.*", "{}", ">={} <{}", "{} - {}", "^{}|~{}", ">={},<>{}", "^{}@beta", ">={}@dev"]),
    "in:Maven": ("maven", ["[{},{}]", "[{},{})", "({},{})", "(,{}]", "[{},)", "[{}]", "(,{}),({},)"]),
    "in:Hex": ("hex", ["== {}", "!= {}", ">= {}", "<= {}", "> {}", "< {}", "~> {}", "{}", ">= {} and < {}", "~> {} or {}"]),
}

PIECES = {
    "debian": ["~", "+", ".", "-", "1", "0", "a", "10", ":", "ubuntu", "+b1", "~rc1", "dfsg", "00"],
    "rpm": ["~", "^", ".", "_", "+", "1", "0", "a", "10", "el8", "~rc1", "^git1", "00", "Z"],
    "maven": [".", "-", "1", "0", "alpha", "a1", "RC", "rc2", "SNAPSHOT", "ga", "Final", "sp", "foo", "m3", "10", "00"],
    "pep440": [".", "-", "_", "1", "0", "a", "rc", "dev", ".post", "+", "alpha", "c", "10", "1!", "00", "v", "pre"],
    "rubygems": [".", "-", "1", "0", "a", "rc", "10", "pre", "00", "Z", ".0", ".a"],
    "semver": [".", "-", "+", "1", "0", "a", "rc", "10", "-1", "A", ".0", "x", "-beta.", "00", "v"],
    "packagist": [".", "-", "_", "1", "0", "a", "RC", "10", "-dev", "p", "beta", ".x", "stable", "patch", "v", "00", "+b"],
    "alpine": [".", "-r1", "_", "1", "0", "a", "_rc1", "10", "_p", "_git", "~ab", "00", "_alpha", "_pre2"],
    "cran": [".", "-", "1", "0", "10", "00", "9"],
    "conan": [".", "-", "+", "1", "0", "a", "rc", "10", "00", "b"],
}
PIECES["hex"] = PIECES["go"] = PIECES["semver"]


def natural(text):
    """Puts versions that resemble each other side by side."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", text)]


def osv_groups(osv, ecosystem):
    """Versions by package, from lists and range events."""
    groups = collections.defaultdict(set)
    path = pathlib.Path(osv) / ecosystem / "all.zip"
    if not path.exists():
        return []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            for affected in json.loads(archive.read(name)).get("affected", []):
                group = groups[affected.get("package", {}).get("name")]
                group.update(affected.get("versions") or [])
                for span in affected.get("ranges", []):
                    if span["type"] != "GIT":
                        # Zero only says "from the beginning".
                        group.update(v for event in span["events"] for v in event.values() if v != "0")
    return [sorted(group) for _, group in sorted(groups.items(), key=lambda item: str(item[0])) if len(group) > 1]


def machine_versions(pattern):
    """Versions of the packages that the machine's own package lists name."""
    if not shutil.which("apt-cache"):
        return []
    dump = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, text=True).stdout
    found = set()
    name = ""
    for line in dump.splitlines():
        if line.startswith("Package: "):
            name = line[9:]
        elif line.startswith("Version: ") and re.match(pattern, name):
            found.add(line[9:])
    return sorted(found)


def groups_of(scheme, osv):
    groups = []
    for ecosystem in OSV_SOURCES.get(scheme, []):
        if osv:
            groups += osv_groups(osv, ecosystem)
    if scheme == "debian":
        groups.append(machine_versions(""))
    if scheme == "rpm":
        # The same words in the other system's clothes: enough hyphens, tildes and snapshots to be worth it.
        groups.append(sorted({v.replace("-", "_", v.count("-") - 1) if v.count("-") > 1 else v for v in machine_versions("lib")}))
    if scheme == "cran":
        groups.append(sorted({re.sub(r"^\d+:|-[^-]*$|\+.*", "", v) for v in machine_versions("r-cran-")}))
    if scheme == "maven":
        groups.append(sorted({re.sub(r"^\d+:|-[^-]*$", "", v) for v in machine_versions("lib.*-java$")}))
    if scheme == "packagist":
        groups.append(sorted({re.sub(r"^\d+:|-[^-]*$|\+.*", "", v).replace("~", "-") for v in machine_versions("php-")}))
    if scheme == "alpine":
        plain = {re.sub(r"^\d+:|[+~].*", "", v) for v in machine_versions("lib")}
        groups.append(sorted({re.sub(r"-(\d+)[^-]*$", r"-r\1", v) for v in plain}))
    if scheme in SEEDS:
        groups.append(SEEDS[scheme].split())
    return [group for group in groups if len(group) > 1]


def mutate(text, pieces, dice):
    for _ in range(dice.choice([1, 1, 1, 2, 3])):
        parts = re.findall(r"\d+|[A-Za-z]+|.", text)
        at = dice.randrange(len(parts) + 1)
        match dice.randrange(5):
            case 0:
                parts.insert(at, dice.choice(pieces))
            case 1 if parts:
                del parts[min(at, len(parts) - 1)]
            case 2 if parts:
                parts[min(at, len(parts) - 1)] = dice.choice(pieces)
            case 3 if parts:
                at = min(at, len(parts) - 1)
                if parts[at].isdigit():
                    parts[at] = str(max(0, int(parts[at]) + dice.choice([-1, 1, 1, 10**10])))
                else:
                    parts[at] = parts[at].swapcase()
            case 4:
                parts = parts[:at] if at else parts
        text = "".join(parts)
    return text


def pairs_of(scheme, groups, count, dice):
    weights = [min(len(group), 50) for group in groups]
    for group in groups:
        group.sort(key=natural)
    pairs = []
    while len(pairs) < count:
        group = dice.choices(groups, weights)[0]
        at = dice.randrange(len(group))
        a = group[at]
        b = group[min(max(0, at + dice.randrange(-6, 7)), len(group) - 1)] if dice.random() < 0.6 else dice.choice(group)
        if dice.random() < 0.5:
            b = mutate(a if dice.random() < 0.7 else b, PIECES[scheme], dice)
            if dice.random() < 0.3:
                a = mutate(a, PIECES[scheme], dice)
        if a and b and a == a.strip() and b == b.strip() and a.isprintable() and b.isprintable() and " " not in a + b:
            pairs.append((a, b))
    return pairs


def requirements_of(scheme, pairs, dice):
    """Requirements made of the pairs' versions, some cut to one or two numbers, each with a version."""
    def cut(text):
        numbers = text.split(".")
        return ".".join(numbers[: dice.randrange(1, 4)]) if dice.random() < 0.5 else text

    shapes = REQUIREMENTS[scheme][1]
    return [(dice.choice(shapes).format(cut(a), cut(b)), dice.choice([a, b])) for a, b in pairs]


def batch(command, pairs, **options):
    """A program that reads a line per pair and prints a sign per pair."""
    text = "".join(f"{a}\t{b}\n" for a, b in pairs)
    done = subprocess.run(command, input=text, capture_output=True, text=True, **options)
    signs = done.stdout.split()
    if done.returncode or len(signs) != len(pairs):
        raise RuntimeError(f"{command[0]}: {len(signs)} answers to {len(pairs)} pairs: {done.stderr[-2000:]}")
    return signs


PYTHON = """
import sys
from {module} import {name} as Version
for line in sys.stdin:
    a, b = line.rstrip("\\n").split("\\t")
    try:
        a, b = Version(a), Version(b)
        print("<" if a < b else ">" if b < a else "=")
    except Exception:
        print("?")
"""

PYTHON_WITHIN = """
import sys
from packaging.specifiers import SpecifierSet
from packaging.version import Version
for line in sys.stdin:
    a, b = line.rstrip("\\n").split("\\t")
    try:
        specifiers, version = SpecifierSet(a), Version(b)
        # A prerelease is only where the specifiers name one; what newer releases of packaging take without is left out.
        named = any(s.operator != "!=" and s.prereleases for s in specifiers)
        print("ny"[specifiers.contains(version, prereleases=True) and (named or not version.is_prerelease)])
    except Exception:
        print("?")
"""

PYTHON_RPM = """
import re, sys, rpm
def label(text):
    epoch, colon, rest = text.partition(":")
    if not colon:
        epoch, rest = "0", text
    version, hyphen, release = rest.rpartition("-")
    if not hyphen:
        version, release = rest, None
    if not epoch.isdigit() or not version or release == "":
        raise ValueError(text)
    return str(int(epoch)), version, release
for line in sys.stdin:
    a, b = line.rstrip("\\n").split("\\t")
    try:
        sign = rpm.labelCompare(label(a), label(b))
        print("<" if sign < 0 else ">" if sign > 0 else "=")
    except ValueError:
        print("?")
"""

NODE = """
const semver = require('semver');
const lines = require('fs').readFileSync(0, 'utf8').split('\\n').slice(0, -1);
console.log(lines.map(line => {
  const [a, b] = line.split('\\t').map(text => {
    const numbers = /^[v=]*\\d+(\\.\\d+)?$/.exec(text);
    return semver.parse(numbers ? text + (numbers[1] ? '.0' : '.0.0') : text, {loose: true});
  });
  return !a || !b ? '?' : '>=<'[1 - semver.compare(a, b)];
}).join('\\n'));
"""

NODE_WITHIN = """
const semver = require('semver');
const lines = require('fs').readFileSync(0, 'utf8').split('\\n').slice(0, -1);
console.log(lines.map(line => {
  const [range, version] = line.split('\\t');
  const valid = semver.validRange(range) !== null && semver.valid(version);
  return !valid ? '?' : semver.satisfies(version, range) ? 'y' : 'n';
}).join('\\n'));
"""

ELIXIR_WITHIN = """
IO.stream(:stdio, :line) |> Enum.each(fn line ->
  [a, b] = line |> String.trim_trailing("\\n") |> String.split("\\t")
  IO.puts(try do
    requirement = Version.parse_requirement!(a)
    named = a =~ ~r/[0-9]-[0-9a-zA-Z]/
    if Version.match?(Version.parse!(b), requirement, allow_pre: named), do: "y", else: "n"
  rescue
    _ -> "?"
  end)
end)
"""

ELIXIR = """
IO.stream(:stdio, :line) |> Enum.each(fn line ->
  [a, b] = line |> String.trim_trailing("\\n") |> String.split("\\t")
  sign = try do
    case Version.compare(a, b) do
      :lt -> "<"
      :gt -> ">"
      :eq -> "="
    end
  rescue
    _ -> "?"
  end
  IO.puts(sign)
end)
"""

RUBY = """
STDIN.each_line do |line|
  a, b = line.chomp.split("\\t", -1)
  begin
    puts({-1 => "<", 0 => "=", 1 => ">"}[Gem::Version.new(a) <=> Gem::Version.new(b)])
  rescue ArgumentError
    puts "?"
  end
end
"""

RUBY_WITHIN = """
STDIN.each_line do |line|
  a, b = line.chomp.split("\\t", -1)
  begin
    version = Gem::Version.new(b)
    puts version.prerelease? ? "?" : Gem::Requirement.new(a.split(",")).satisfied_by?(version) ? "y" : "n"
  rescue ArgumentError, Gem::Requirement::BadRequirementError
    puts "?"
  end
end
"""

PERL = """
use Dpkg::Version;
while (<STDIN>) {
  chomp;
  my ($a, $b) = split /\\t/, $_, -1;
  my ($x, $y) = (Dpkg::Version->new($a, check => 1), Dpkg::Version->new($b, check => 1));
  print !defined $x || !defined $y ? "?" : ("<", "=", ">")[version_compare("$a", "$b") + 1], "\\n";
}
"""

PHP = """
spl_autoload_register(function ($name) use ($argv) {
    require $argv[1] . '/' . str_replace('\\\\', '/', $name) . '.php';
});
use Composer\\Semver\\Comparator;
use Composer\\Semver\\VersionParser;
$parser = new VersionParser();
while (($line = fgets(STDIN)) !== false) {
    try {
        [$a, $b] = array_map([$parser, 'normalize'], explode("\\t", rtrim($line, "\\n")));
        $branch = strpos($a, 'dev-') === 0 || strpos($b, 'dev-') === 0;
        echo $branch ? '?' : (Comparator::lessThan($a, $b) ? '<' : (Comparator::greaterThan($a, $b) ? '>' : '=')), "\\n";
    } catch (UnexpectedValueException $e) {
        echo "?\\n";
    }
}
"""

PHP_WITHIN = """
spl_autoload_register(function ($name) use ($argv) {
    require $argv[1] . '/' . str_replace('\\\\', '/', $name) . '.php';
});
$parser = new Composer\\Semver\\VersionParser();
while (($line = fgets(STDIN)) !== false) {
    try {
        [$a, $b] = explode("\\t", rtrim($line, "\\n"));
        $stable = $parser::parseStability($b) === 'stable' && strpos($parser->normalize($b), 'dev') === false;
        $parser->parseConstraints($a);
        echo !$stable ? '?' : (Composer\\Semver\\Semver::satisfies($b, $a) ? 'y' : 'n'), "\\n";
    } catch (UnexpectedValueException $e) {
        echo "?\\n";
    }
}
"""

R = """
valid <- function(text) !is.na(numeric_version(text, strict = FALSE)) & !grepl("[0-9]{10}", text)
lines <- strsplit(readLines(file("stdin")), "\\t", fixed = TRUE)
sign <- function(pair) if (all(valid(pair))) c("<", "=", ">")[compareVersion(pair[1], pair[2]) + 2] else "?"
writeLines(vapply(lines, sign, ""))
"""

JAVA = """
import java.io.*;
import org.apache.maven.artifact.versioning.ComparableVersion;
public class Order {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        StringBuilder out = new StringBuilder();
        for (String line; (line = in.readLine()) != null; ) {
            String[] pair = line.split("\\t", -1);
            int sign = new ComparableVersion(pair[0]).compareTo(new ComparableVersion(pair[1]));
            out.append(sign < 0 ? "<" : sign > 0 ? ">" : "=").append('\\n');
        }
        System.out.print(out);
    }
}
"""

JAVA_WITHIN = """
import java.io.*;
import org.apache.maven.artifact.versioning.*;
public class Within {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        StringBuilder out = new StringBuilder();
        for (String line; (line = in.readLine()) != null; ) {
            String[] pair = line.split("\\t", -1);
            try {
                VersionRange range = VersionRange.createFromVersionSpec(pair[0]);
                out.append(range.containsVersion(new DefaultArtifactVersion(pair[1])) ? "y" : "n").append('\\n');
            } catch (InvalidVersionSpecificationException e) {
                out.append("?\\n");
            }
        }
        System.out.print(out);
    }
}
"""

GO = """
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/semver"
)

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		a, b, _ := strings.Cut(in.Text(), "\\t")
		a, b = "v"+strings.TrimPrefix(a, "v"), "v"+strings.TrimPrefix(b, "v")
		if !semver.IsValid(a) || !semver.IsValid(b) {
			fmt.Fprintln(out, "?")
		} else {
			fmt.Fprintln(out, string("<=>"[semver.Compare(a, b)+1]))
		}
	}
}
"""


def peers(options, scratch):
    """What each peer is called with; None where it is missing."""
    def script(name, text):
        path = scratch / name
        path.write_text(text)
        return str(path)

    def has(program):
        return program and (shutil.which(program) or os.path.exists(program))

    def python(module, name):
        probe = [options.python, "-c", f"from {module} import {name}"]
        works = subprocess.run(probe, capture_output=True).returncode == 0
        return [options.python, "-c", PYTHON.format(module=module, name=name)] if works else None

    found = dict.fromkeys(
        ["pep440", "conan", "semver", "hex", "go", "rubygems", "debian", "rpm", "packagist", "cran", "maven", "alpine"]
    )
    found |= dict.fromkeys(REQUIREMENTS)
    found["pep440"] = python("packaging.version", "Version")
    if found["pep440"]:
        found["in:PyPI"] = [options.python, "-c", PYTHON_WITHIN]
    if has(options.cargo):
        found["in:crates.io"] = [options.cargo]
    found["conan"] = python("conan.internal.model.version", "Version")
    if options.node_modules and has("node"):
        found["semver"] = ["env", f"NODE_PATH={options.node_modules}", "node", "-e", NODE]
        found["in:npm"] = [*found["semver"][:-1], NODE_WITHIN]
    if has("elixir"):
        found["hex"] = ["elixir", "-e", ELIXIR]
        found["in:Hex"] = ["elixir", "-e", ELIXIR_WITHIN]
    if options.go_mod and has("go"):
        path = pathlib.Path(options.go_mod) / "order.go"
        path.write_text(GO)
        built = scratch / "order"
        subprocess.run(["go", "build", "-o", str(built), "order.go"], cwd=options.go_mod, check=True)
        found["go"] = [str(built)]
    if has("ruby"):
        found["rubygems"] = ["ruby", "-rrubygems", "-e", RUBY]
        found["in:RubyGems"] = ["ruby", "-rrubygems", "-e", RUBY_WITHIN]
    if subprocess.run(["perl", "-MDpkg::Version", "-e", "1"], capture_output=True).returncode == 0:
        found["debian"] = ["perl", "-e", PERL]
    if subprocess.run([options.system_python, "-c", "import rpm"], capture_output=True).returncode == 0:
        found["rpm"] = [options.system_python, "-c", PYTHON_RPM]
    if has("php") and os.path.isdir(options.composer):
        found["packagist"] = ["php", script("order.php", "<?php" + PHP), options.composer]
        within = script("within.php", "<?php" + PHP_WITHIN)
        found["in:Packagist"] = ["php", within, options.composer]
    if has("Rscript"):
        found["cran"] = ["Rscript", "-e", R]
    if has("javac") and options.maven_class_path:
        source = script("Order.java", JAVA)
        path = options.maven_class_path
        subprocess.run(["javac", "-cp", path, "-d", str(scratch), source], check=True)
        found["maven"] = ["java", "-cp", f"{path}:{scratch}", "Order"]
        source = script("Within.java", JAVA_WITHIN)
        if subprocess.run(["javac", "-cp", path, "-d", str(scratch), source], capture_output=True).returncode == 0:
            found["in:Maven"] = ["java", "-cp", f"{path}:{scratch}", "Within"]
    if has(options.apk):
        found["alpine"] = [options.apk]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bartizan", required=True)
    parser.add_argument("--osv")
    parser.add_argument("--pairs", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--show", type=int, default=10, help="examples of each kind of difference")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--system-python", default="/usr/bin/python3")
    parser.add_argument("--node-modules")
    parser.add_argument("--go-mod")
    parser.add_argument("--composer", default="/usr/share/php")
    parser.add_argument(
        "--maven-class-path", default="/usr/share/java/maven-artifact-3.x.jar:/usr/share/java/commons-lang3.jar"
    )
    parser.add_argument("--apk")
    parser.add_argument("--cargo")
    options = parser.parse_args()
    only = set(filter(None, options.only.split(",")))
    differing = 0
    with tempfile.TemporaryDirectory() as scratch:
        for scheme, command in peers(options, pathlib.Path(scratch)).items():
            if only and scheme not in only:
                continue
            if command is None:
                print(f"{scheme:12} skipped: its peer is not installed")
                continue
            dice = random.Random(f"{options.seed} {scheme}")
            versions = REQUIREMENTS.get(scheme, [scheme])[0]
            pairs = pairs_of(versions, groups_of(versions, options.osv), options.pairs, dice)
            if scheme in REQUIREMENTS:
                pairs = requirements_of(scheme, pairs, dice)
            theirs = batch(command, pairs)
            name = SCHEME.get(scheme, scheme)
            ours = batch([options.bartizan], [(f"{name}\t{a}", b) for a, b in pairs])
            kinds = {"differ": [], "only the peer reads": [], "only Bartizan reads": []}
            both = 0
            for (a, b), our, their in zip(pairs, ours, theirs):
                both += "?" not in (our, their)
                if our == their:
                    continue
                kind = "only the peer reads" if our == "?" else "only Bartizan reads" if their == "?" else "differ"
                kinds[kind].append(f"{a} {our} {b} (peer: {their})")
            differing += len(kinds["differ"])
            counts = ", ".join(f"{len(found)} {kind}" for kind, found in kinds.items())
            print(f"{scheme:12} {len(pairs)} pairs, {both} answered by both: {counts}")
            for kind, found in kinds.items():
                for example in found[: options.show]:
                    print(f"    {kind}: {example}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
