
"use strict";
(function () {
  var form = document.getElementById("filters");
  if (!form) { return; }
  var text = document.getElementById("text");
  var rule = document.getElementById("rule");
  var status = document.getElementById("status");
  var shown = document.getElementById("shown");
  var none = document.getElementById("none");
  var groups = Array.prototype.slice.call(document.querySelectorAll(".group"));
  var findings = Array.prototype.map.call(document.querySelectorAll(".finding"), function (element) {
    return { element: element, text: element.textContent.toLowerCase(), data: element.dataset };
  });
  function apply() {
    var words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    var severities = {};
    Array.prototype.forEach.call(form.querySelectorAll("input[name=severity]"), function (box) {
      severities[box.value] = box.checked;
    });
    var count = 0;
    findings.forEach(function (one) {
      var passes = severities[one.data.severity] &&
        (!rule.value || one.data.rule === rule.value) &&
        (!status || !status.value || one.data.status === status.value) &&
        words.every(function (word) { return one.text.indexOf(word) !== -1; });
      one.element.hidden = !passes;
      if (passes) { count += 1; }
    });
    groups.forEach(function (group) {
      group.hidden = !group.querySelector(".finding:not([hidden])");
    });
    none.hidden = count > 0;
    shown.textContent = count + " of " + findings.length;
  }
  var timer = 0;
  text.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(apply, 120); });
  form.addEventListener("change", apply);
  form.addEventListener("submit", function (event) { event.preventDefault(); apply(); });
  form.addEventListener("reset", function () { setTimeout(apply, 0); });
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      text.focus();
    }
  });
  function reveal() {
    var target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (target && target.hidden) { form.reset(); setTimeout(function () { apply(); target.scrollIntoView(); }, 0); }
  }
  window.addEventListener("hashchange", reveal);
  window.addEventListener("beforeprint", function () {
    Array.prototype.forEach.call(document.querySelectorAll("details"), function (one) { one.open = true; });
  });
  form.hidden = false;
  apply();
})();
