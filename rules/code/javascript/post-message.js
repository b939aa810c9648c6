// ruleid: post-message-any-target
window.parent.postMessage({ token }, '*');
// ruleid: post-message-any-target
frame.contentWindow.postMessage(JSON.stringify(state), '*');
// ok: post-message-any-target
window.parent.postMessage({ token }, 'https://app.example');
// ok: post-message-any-target
worker.postMessage({ state });

window.addEventListener('message', (event) => {
  // ruleid: post-message-origin-unchecked
  eval(event.data);
  // ruleid: post-message-origin-unchecked
  window.location.href = event.data.next;
});

window.addEventListener('message', (event) => {
  if (event.origin !== 'https://app.example') {
    return;
  }
  // ok: post-message-origin-unchecked
  window.location.href = event.data.next;
});

window.addEventListener('message', (event) => {
  // ok: post-message-origin-unchecked
  window.location.href = '/done';
});
