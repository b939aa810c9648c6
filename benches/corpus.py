#!/usr/bin/env python3
"""Makes the benchmark corpus from the package registries: a tree of large packages, and a git history of many versions.

    benches/corpus.py FOLDER

writes FOLDER/tree and FOLDER/history. Both are made once; a second call finds them there.
"""
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile

# Large, popular, with real configuration and test code; pinned so that a figure can be repeated.
TREE_PYPI = ["django==5.2.8", "ansible-core==2.19.4", "salt==3007.8", "apache-airflow==2.10.5", "homeassistant==2024.3.3", "botocore==1.40.70", "sqlalchemy==2.0.44"]
TREE_NPM = ["aws-sdk@2.1692.0", "webpack@5.102.1", "next@15.5.6", "n8n-nodes-base@1.118.0", "ethers@6.15.0"]
HISTORY = {
    "salt": ["3005", "3005.5", "3006.0", "3006.4", "3006.9", "3006.16", "3007.0", "3007.4", "3007.8"],
    "homeassistant": ["2023.6.3", "2023.7.3", "2023.8.4", "2023.9.3", "2023.10.5", "2023.11.3", "2023.12.4", "2024.1.6", "2024.2.5", "2024.3.3"],
    "django": ["3.2.25", "4.0.10", "4.1.13", "4.2.16", "5.0.9", "5.1.3", "5.2.8"],
    "botocore": ["1.29.165", "1.31.85", "1.33.13", "1.34.162", "1.35.99", "1.37.38", "1.39.17", "1.40.70"],
}


def run(*command, **options):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


def download_pypi(spec, folder):
    os.makedirs(folder, exist_ok=True)
    try:
        run(sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", ":none:", "-d", folder, spec)
    except subprocess.CalledProcessError:
        print(f"not to be had: {spec}", file=sys.stderr)


def unpack(folder, target):
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        into = os.path.join(target, name)
        if os.path.isdir(into):
            continue
        if name.endswith((".whl", ".zip")):
            with zipfile.ZipFile(path) as archive:
                archive.extractall(into)
        elif name.endswith((".tar.gz", ".tgz")):
            with tarfile.open(path) as archive:
                archive.extractall(into, filter="data")


def make_tree(root):
    target = os.path.join(root, "tree")
    if os.path.isdir(target):
        return
    packages = os.path.join(root, "packages")
    os.makedirs(packages, exist_ok=True)
    for spec in TREE_PYPI:
        download_pypi(spec, packages)
    for spec in TREE_NPM:
        run("npm", "pack", "--silent", spec, "--pack-destination", packages)
    unpack(packages, target + ".part")
    os.rename(target + ".part", target)


def make_history(root):
    target = os.path.join(root, "history")
    if os.path.isdir(target):
        return
    work = target + ".part"
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    environment = dict(os.environ, GIT_CONFIG_GLOBAL=os.devnull, GIT_AUTHOR_NAME="Corpus", GIT_AUTHOR_EMAIL="corpus@bartizan.invalid",
                       GIT_COMMITTER_NAME="Corpus", GIT_COMMITTER_EMAIL="corpus@bartizan.invalid")
    run("git", "init", "-q", "-b", "main", work, env=environment)
    # An automatic collection would still be at work when the last one starts.
    run("git", "-C", work, "config", "gc.auto", "0", env=environment)
    day = 0
    for name, versions in HISTORY.items():
        for version in versions:
            folder = os.path.join(root, "versions", f"{name}-{version}")
            if not os.path.isdir(folder):
                download_pypi(f"{name}=={version}", folder)
            unpacked = os.path.join(root, "unpack")
            shutil.rmtree(unpacked, ignore_errors=True)
            unpack(folder, unpacked)
            inner = [os.path.join(unpacked, entry) for entry in sorted(os.listdir(unpacked))] if os.path.isdir(unpacked) else []
            if not inner:
                continue
            shutil.rmtree(os.path.join(work, name), ignore_errors=True)
            single = os.listdir(inner[0])
            shutil.move(os.path.join(inner[0], single[0]) if len(single) == 1 else inner[0], os.path.join(work, name))
            day += 1
            date = f"2024-{1 + day // 28:02}-{1 + day % 28:02}T00:00:00+0000"
            dated = dict(environment, GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date)
            run("git", "-C", work, "add", "-A", "-f", env=dated)
            run("git", "-C", work, "commit", "-q", "-m", f"{name} {version}", env=dated)
    run("git", "-C", work, "gc", "-q", env=environment)
    os.rename(work, target)


def main():
    root = os.path.abspath(sys.argv[1])
    os.makedirs(root, exist_ok=True)
    make_tree(root)
    make_history(root)
    for part in ("tree", "history"):
        size = subprocess.run(["du", "-sm", os.path.join(root, part)], capture_output=True, text=True, check=True).stdout.split()[0]
        print(f"{part}: {size} MiB")


main()
