const DOMPurify = require('dompurify');

function showName() {
  const name = new URLSearchParams(window.location.search).get('name');
  // ruleid: dom-xss
  document.getElementById('name').innerHTML = 'Hello ' + name;
  // ok: dom-xss
  document.getElementById('name').textContent = 'Hello ' + name;
  // ok: dom-xss
  document.getElementById('name').innerHTML = DOMPurify.sanitize(name);
  // ruleid: dom-xss-jquery
  $('#name').html('<b>' + name + '</b>');
  // ok: dom-xss-jquery
  $('#name').text(name);
  // ok: dom-xss-jquery
  $('#name').html('<b>' + _.escape(name) + '</b>');
}

function showTab() {
  const tab = decodeURIComponent(location.hash.slice(1));
  // ruleid: dom-xss
  document.write('<h2>' + tab + '</h2>');
  // ruleid: dom-xss
  panel.insertAdjacentHTML('beforeend', `<i>${tab}</i>`);
  // ruleid: dom-xss-jquery
  $(panel).append(tab);
  const index = Number(location.hash.slice(1));
  // ok: dom-xss
  panel.innerHTML = `<i>${index}</i>`;
}

window.addEventListener('message', (event) => {
  // ruleid: dom-xss
  panel.innerHTML = event.data;
});

function render(text) {
  // deepruleid: dom-xss
  panel.innerHTML = text;
}

render(document.referrer);

function next() {
  const params = new URLSearchParams(location.search);
  // ruleid: dom-open-redirect
  window.location.href = params.get('next');
  // ruleid: dom-open-redirect
  location.assign(params.get('next'));
  // ok: dom-open-redirect
  location.href = '/login?next=' + params.get('next');
  const target = params.get('next');
  if (!ALLOWED_PATHS.includes(target)) return;
  // ok: dom-open-redirect
  location.replace(target);
}
