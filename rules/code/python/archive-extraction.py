import os
import tarfile
import zipfile


def unpack(path, target):
    with tarfile.open(path) as tar:
        # ruleid: tar-extractall
        tar.extractall(target)
        # ok: tar-extractall
        tar.extractall(target, filter="data")


def unpack_one(path, name):
    tar = tarfile.open(path)
    # ruleid: tar-extractall
    tar.extract(name)
    # ok: tar-extractall
    tar.extract(name, filter="data")


def unzip(path, target):
    archive = zipfile.ZipFile(path)
    for entry in archive.infolist():
        # ruleid: zip-entry-name
        with open(os.path.join(target, entry.filename), "wb") as out:
            out.write(archive.read(entry))
        # ok: zip-entry-name
        with open(os.path.join(target, os.path.basename(entry.filename)), "wb") as out:
            out.write(archive.read(entry))
    for name in archive.namelist():
        # ruleid: zip-entry-name
        with open(target + "/" + name, "wb") as out:
            out.write(archive.read(name))
    # ok: zip-entry-name
    archive.extractall(target)
