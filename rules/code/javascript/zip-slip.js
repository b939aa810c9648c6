const AdmZip = require('adm-zip');
const unzipper = require('unzipper');
const fs = require('fs');
const path = require('path');

function extract(file, target) {
  for (const entry of new AdmZip(file).getEntries()) {
    // ruleid: zip-slip
    fs.writeFileSync(path.join(target, entry.entryName), entry.getData());
  }
}

function stream(file, target) {
  fs.createReadStream(file).pipe(unzipper.Parse()).on('entry', (entry) => {
    // ruleid: zip-slip
    entry.pipe(fs.createWriteStream(target + '/' + entry.path));
  });
}

function checked(file, target) {
  for (const entry of new AdmZip(file).getEntries()) {
    const full = path.resolve(target, entry.entryName);
    if (!full.startsWith(path.resolve(target) + path.sep)) {
      throw new Error('entry leaves the target');
    }
    // ok: zip-slip
    fs.writeFileSync(full, entry.getData());
  }
}

function flat(file, target) {
  for (const entry of new AdmZip(file).getEntries()) {
    // ok: zip-slip
    fs.writeFileSync(path.join(target, path.basename(entry.entryName)), entry.getData());
  }
}
