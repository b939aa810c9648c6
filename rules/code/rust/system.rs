use std::fs::{self, File, Permissions};
use std::mem::{self, MaybeUninit};

unsafe fn fresh() {
    // ruleid: uninitialized-memory
    let header: Header = mem::uninitialized();
    // ruleid: uninitialized-memory
    let block: Block = MaybeUninit::uninit().assume_init();
    // ok: uninitialized-memory
    let zero: Header = mem::zeroed();
    // ok: uninitialized-memory
    let mut later = MaybeUninit::<Header>::uninit();
}

fn modes(path: &str) {
    // ruleid: file-permissions-for-everyone
    fs::set_permissions(path, Permissions::from_mode(0o777));
    // ruleid: file-permissions-for-everyone
    permissions.set_mode(0o666);
    // ok: file-permissions-for-everyone
    fs::set_permissions(path, Permissions::from_mode(0o600));
    // ok: file-permissions-for-everyone
    permissions.set_mode(0o755);
}

fn temporary(data: &[u8]) {
    // ruleid: predictable-temp-file
    fs::write("/tmp/app-state", data);
    // ruleid: predictable-temp-file
    let file = File::create("/tmp/app.log");
    // ok: predictable-temp-file
    let sound = tempfile::NamedTempFile::new();
    // ok: predictable-temp-file
    fs::write("/var/lib/app/state", data);
}
