// SPDX-License-Identifier: Apache-2.0
// The public tracking page. Plain ES5 for old phones. Everything a server says is put in as text, never as markup. The
// receipt's token stands behind # and is only ever posted.
(function () {
  "use strict";

  var words = {
    id: {
      title: "Laporan warga", other: "English", genuine: "Tanda terima asli", number: "Nomor laporan",
      loading: "Sedang memeriksa…", codeOf: "Kode akses benar",
      forgedBadge: "Tanda terima tidak sah", forged: "Kode ini bukan dari anjungan kami",
      forgedText: "Tanda tangan digitalnya tidak cocok. Mungkin kodenya rusak saat dipindai, atau struknya tidak dibuat oleh anjungan resmi.",
      revokedBadge: "Tanda terima dicabut", revoked: "Struk ini tidak berlaku",
      revokedText: "Anjungan yang membuatnya sudah dicabut sebelum struk ini dibuat. Bawa struk ini ke petugas kami.",
      voidedBadge: "Tanda terima diganti", voided: "Struk ini sudah diganti",
      voidedText: "Petugas sudah membuat struk baru untuk laporan ini. Gunakan struk yang terbaru.",
      unknownBadge: "Kode tidak ditemukan", unknown: "Tidak ada laporan dengan kode ini",
      unknownText: "Periksa kode akses di struk Anda. Laporan yang baru dibuat mungkin belum terkirim dari anjungan; coba lagi nanti atau pindai kode QR.",
      pending: "Menunggu dikirim", pendingA: "Laporan Anda tersimpan aman di anjungan ", pendingSince: ", sejak ",
      pendingB: ". Jaringan di sana sedang terputus. Laporan terkirim sendiri begitu tersambung.",
      pendingSeen: "Anjungan ini terakhir tersambung ", pendingNever: "Anjungan ini belum pernah tersambung. ",
      pendingNo: " Anda tidak perlu melapor ulang.", stored: "Tersimpan di anjungan", central: "Diterima pusat",
      waitingNetwork: "menunggu jaringan",
      missing: "Sedang kami telusuri",
      missingText: "Struk Anda asli, tetapi laporannya belum kami temukan di pusat. Petugas kami sudah diberi tahu. Simpan struk Anda.",
      offline: "Halaman tidak dapat terhubung", offlineText: "Periksa jaringan ponsel Anda, lalu coba lagi. Laporan Anda tetap aman.",
      again: "Coba lagi", throttled: "Terlalu banyak percobaan", throttledText: "Tunggu satu menit, lalu coba lagi.",
      lookTitle: "Lihat kabar laporan Anda", lookText: "Pindai kode QR pada struk dengan kamera ponsel, atau ketik kode aksesnya di sini.",
      code: "Kode akses", orCode: "Atau ketik kode akses", codeHint: "16 huruf dan angka pada struk.", find: "Lihat kabar laporan",
      codeShort: "Kode akses terdiri dari 16 huruf dan angka.", codeBad: "Ada huruf atau angka yang keliru. Bandingkan dengan struk.",
      codeChar: "Hanya huruf dan angka yang dipakai.", anotherCode: "Lihat laporan lain",
      help: "Perlu bantuan? Datang ke {help} atau telepon {phone}.",
      status: { received: "Sudah diterima", verified: "Sudah diperiksa", disposed: "Diteruskan ke instansi", in_progress: "Sedang dikerjakan", resolved: "Sudah diselesaikan", closed: "Ditutup" },
      step: { received: "Diterima", verified: "Diperiksa", disposed: "Diteruskan", followup: "Tindak lanjut", resolved: "Diselesaikan", closed: "Ditutup" },
      disposedTo: "Diteruskan ke ", evidence: "Disertai bukti", comingOne: "Lampiran menyusul", coming: "Lampiran menyusul: {held} dari {named} sudah diterima", whole: "Lampiran lengkap ({named})",
      dueVerify: "Diperiksa paling lambat", dueAnswer: "Dijawab paling lambat", dueClose: "Ditutup paling lambat",
      ombudsmanA: "Bila sampai ", ombudsmanB: " belum ada tindak lanjut, laporan diteruskan ke Ombudsman RI.",
      days: ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"],
      months: ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"], dot: "."
    },
    en: {
      title: "Citizen reports", other: "Bahasa Indonesia", genuine: "Genuine receipt", number: "Report number",
      loading: "Checking…", codeOf: "Access code accepted",
      forgedBadge: "Not a valid receipt", forged: "This code is not from our kiosks",
      forgedText: "Its digital signature does not match. The code may have been damaged when scanned, or the receipt was not made by an official kiosk.",
      revokedBadge: "Receipt revoked", revoked: "This receipt is not valid",
      revokedText: "The kiosk that made it had been revoked before. Please take this receipt to our staff.",
      voidedBadge: "Receipt replaced", voided: "This receipt was replaced",
      voidedText: "Our staff made a new receipt for this report. Please use the newest one.",
      unknownBadge: "Code not found", unknown: "No report has this code",
      unknownText: "Check the access code on your receipt. A report made just now may not have left the kiosk yet; try later or scan the QR code.",
      pending: "Waiting to be sent", pendingA: "Your report is stored safely in kiosk ", pendingSince: ", since ",
      pendingB: ". Its network is down. The report is sent by itself once it is back.",
      pendingSeen: "This kiosk was last connected ", pendingNever: "This kiosk has never been connected. ",
      pendingNo: " You do not need to report again.", stored: "Stored in the kiosk", central: "Received at the centre",
      waitingNetwork: "waiting for the network",
      missing: "We are looking into it",
      missingText: "Your receipt is genuine, but we have not found its report at the centre. Our staff has been told. Please keep your receipt.",
      offline: "The page cannot connect", offlineText: "Check your phone's network, then try again. Your report stays safe.",
      again: "Try again", throttled: "Too many tries", throttledText: "Wait a minute, then try again.",
      lookTitle: "Follow your report", lookText: "Scan the QR code on the receipt with your phone's camera, or type its access code here.",
      code: "Access code", orCode: "Or type the access code", codeHint: "16 letters and digits on the receipt.", find: "Show my report",
      codeShort: "An access code has 16 letters and digits.", codeBad: "A letter or digit is wrong. Compare it with the receipt.",
      codeChar: "Only letters and digits are used.", anotherCode: "Look up another report",
      help: "Need help? Come to {help} or call {phone}.",
      status: { received: "Received", verified: "Checked", disposed: "Passed to the agency", in_progress: "In progress", resolved: "Resolved", closed: "Closed" },
      step: { received: "Received", verified: "Checked", disposed: "Passed on", followup: "Follow-up", resolved: "Resolved", closed: "Closed" },
      disposedTo: "Passed to ", evidence: "With evidence", comingOne: "Attachment still on its way", coming: "Attachments still on their way: {held} of {named} received", whole: "Attachments complete ({named})",
      dueVerify: "Checked by", dueAnswer: "Answered by", dueClose: "Closed by",
      ombudsmanA: "If there is no follow-up by ", ombudsmanB: ", the report goes to the Ombudsman.",
      days: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
      months: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"], dot: ":"
    }
  };
  var language = "id", main = document.getElementById("main"), draw = null;
  var shield = "M12 1L3 5v6c0 5.55 3.84 10.74 9 12 5.16-1.26 9-6.45 9-12V5l-9-4zm-2 16l-4-4 1.41-1.41L10 14.17l6.59-6.59L18 9l-8 8z";
  var block = "M12 2C6.48 2 2 6.48 2 12s4.48 10 10 10 10-4.48 10-10S17.52 2 12 2zM4 12c0-4.42 3.58-8 8-8 1.85 0 3.55.63 4.9 1.69L5.69 16.9C4.63 15.55 4 13.85 4 12zm8 8c-1.85 0-3.55-.63-4.9-1.69L18.31 7.1C19.37 8.45 20 10.15 20 12c0 4.42-3.58 8-8 8z";
  var clock = "M11.99 2C6.47 2 2 6.48 2 12s4.47 10 9.99 10C17.52 22 22 17.52 22 12S17.52 2 11.99 2zM12 20c-4.42 0-8-3.58-8-8s3.58-8 8-8 8 3.58 8 8-3.58 8-8 8zm.5-13H11v6l5.25 3.15.75-1.23-4.5-2.67z";

  function t() { return words[language]; }
  function el(tag, text, name) {
    var node = document.createElement(tag);
    if (name) node.className = name;
    if (text) node.appendChild(document.createTextNode(text));
    return node;
  }
  function add(node) { main.appendChild(node); return node; }
  function badge(kind, path, text) {
    var box = el("div", "", "badge " + kind), space = "http://www.w3.org/2000/svg";
    var svg = document.createElementNS(space, "svg"), shape = document.createElementNS(space, "path");
    svg.setAttribute("viewBox", "0 0 24 24"); svg.setAttribute("aria-hidden", "true");
    shape.setAttribute("d", path); shape.setAttribute("fill", "currentColor");
    svg.appendChild(shape); box.appendChild(svg); box.appendChild(el("span", text));
    add(box);
  }
  function two(n) { return (n < 10 ? "0" : "") + n; }
  function dateOf(ms, offset) { return new Date(ms + offset * 60000); }
  function zone(offset) { return offset === 480 ? " WITA" : offset === 540 ? " WIT" : " WIB"; }
  function day(d) { return d.getUTCDate() + " " + t().months[d.getUTCMonth()] + " " + d.getUTCFullYear(); }
  function longDay(d) { return t().days[d.getUTCDay()] + ", " + day(d); }
  function time(d, offset) { return two(d.getUTCHours()) + t().dot + two(d.getUTCMinutes()) + zone(offset); }
  function isoDay(text) { var p = text.split("-"); return new Date(Date.UTC(+p[0], +p[1] - 1, +p[2])); }

  function number(text) {
    add(el("div", t().number, "label"));
    add(el("div", text, "number"));
  }
  function step(list, done, title, under, said) {
    var item = el("li", "", done ? "done" : "");
    item.appendChild(el("i"));
    item.appendChild(el("b", title));
    if (under) item.appendChild(el("span", under));
    if (said) item.appendChild(el("span", said, "said"));
    list.appendChild(item);
  }

  // Nothing for a report without attachments, and from a centre that does not tell.
  function attachments(one) {
    var a = one.attachments, w = t();
    if (!a || !(a.named > 0)) return "";
    return (a.held >= a.named ? w.whole : a.named === 1 ? w.comingOne : w.coming).replace("{held}", a.held).replace("{named}", a.named);
  }
  function showCase(one, byCode) {
    var w = t(), offset = one.utc_offset_min || 420, list = el("ol"), steps = one.steps || [], i, s, d, under, title, late = {};
    badge("good", shield, byCode ? w.codeOf : w.genuine);
    number(one.number);
    add(el("h1", w.status[one.status] || one.status));
    if (one.agency) add(el("div", one.agency, "under"));
    else if (one.category) add(el("div", one.category[language] || "", "under"));
    for (i = 0; i < steps.length; i++) {
      s = steps[i]; d = dateOf(s.at_ms, offset); late[s.kind] = true;
      title = s.kind === "disposed" && s.agency ? w.disposedTo + s.agency : w.step[s.kind] || s.kind;
      under = day(d) + (s.kind === "received" ? ", " + time(d, offset) + (one.office ? " · " + one.office : "") : "");
      if (s.evidence) under += " · " + w.evidence;
      step(list, true, title, under, s.kind === "received" ? attachments(one) : s.text);
    }
    if (one.due && !late.resolved && !late.closed) {
      if (!late.verified && !late.disposed) step(list, false, w.dueVerify, longDay(isoDay(one.due.verify)));
      step(list, false, w.dueAnswer, longDay(isoDay(one.due.answer)));
    } else if (one.due && !late.closed) {
      step(list, false, w.dueClose, longDay(isoDay(one.due.close)));
    }
    add(list);
    if (one.due && !late.resolved && !late.closed) {
      var note = add(el("div", "", "card info"));
      note.appendChild(document.createTextNode(w.ombudsmanA));
      note.appendChild(el("b", day(isoDay(one.due.ombudsman))));
      note.appendChild(document.createTextNode(w.ombudsmanB));
    }
  }
  function showPending(one) {
    var w = t(), offset = one.utc_offset_min || 420, p, note, list = el("ol"), d, where;
    badge("good", shield, w.genuine);
    number(one.number);
    add(el("h1", w.pending));
    where = one.number.substr(5, 4) + (one.office ? ", " + one.office : "");
    p = add(el("p", w.pendingA));
    p.appendChild(el("b", where));
    if (one.issued_ms) {
      d = dateOf(one.issued_ms, offset);
      p.appendChild(document.createTextNode(w.pendingSince + longDay(d) + ", " + time(d, offset)));
    }
    p.appendChild(document.createTextNode(w.pendingB));
    note = add(el("div", one.seen_ms ? w.pendingSeen : w.pendingNever, "card wait"));
    if (one.seen_ms) { d = dateOf(one.seen_ms, offset); note.appendChild(el("b", day(d) + ", " + time(d, offset) + ".")); }
    note.appendChild(document.createTextNode(w.pendingNo));
    step(list, true, w.stored, one.issued_ms ? day(dateOf(one.issued_ms, offset)) + ", " + time(dateOf(one.issued_ms, offset), offset) : "");
    step(list, false, w.central, w.waitingNetwork);
    add(list);
  }
  function showPlain(kind, path, badgeText, title, text, withNumber) {
    badge(kind, path, badgeText);
    if (withNumber) number(withNumber);
    add(el("h1", title));
    add(el("p", text));
  }

  var alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  function times(a, b) {
    var p = 0, i;
    for (i = 0; i < 5; i++) if (b >> i & 1) p ^= a << i;
    for (i = 9; i >= 5; i--) if (p >> i & 1) p ^= 37 << (i - 5);
    return p;
  }
  // The same check as the kiosk's: a typing error is told without asking the server.
  function checkCode(text) {
    var clean = text.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1"), v = [], i, high = 0, low = 0, lead;
    for (i = 0; i < clean.length; i++) {
      v.push(alphabet.indexOf(clean.charAt(i)));
      if (v[i] < 0) return { wrong: t().codeChar };
    }
    if (v.length !== 16) return { wrong: t().codeShort };
    for (i = 0; i < 14; i++) { lead = v[i] ^ high; high = low ^ times(lead, 6); low = times(lead, 8); }
    if (high !== v[14] || low !== v[15]) return { wrong: t().codeBad };
    return { code: clean };
  }
  function codeForm(title) {
    var form = el("form"), label = el("label", title), input = el("input"), wrong = el("div", "", "wrong"), go = el("button", t().find, "button");
    input.id = "code"; input.type = "text"; input.maxLength = 40; input.autocomplete = "off";
    input.setAttribute("autocapitalize", "characters"); input.setAttribute("spellcheck", "false");
    input.setAttribute("aria-describedby", "hint"); input.placeholder = "0000-0000-0000-0000";
    label.htmlFor = "code"; wrong.setAttribute("role", "alert"); go.type = "submit";
    form.appendChild(label); form.appendChild(input);
    var hint = el("div", t().codeHint, "hint"); hint.id = "hint"; form.appendChild(hint);
    form.appendChild(wrong); form.appendChild(go);
    form.onsubmit = function (event) {
      event.preventDefault();
      var checked = checkCode(input.value);
      wrong.textContent = checked.wrong || "";
      if (checked.code) ask("/t/code", { code: checked.code });
      else input.focus();
      return false;
    };
    add(form);
  }
  function anotherButton() {
    var other = el("button", t().anotherCode, "button outline");
    other.type = "button";
    other.onclick = function () { location.hash = ""; show(showLook); };
    add(other);
  }
  function showLook() { add(el("h1", t().lookTitle)); add(el("p", t().lookText)); codeForm(t().code); }

  function show(what) {
    draw = what;
    while (main.firstChild) main.removeChild(main.firstChild);
    document.documentElement.lang = language;
    document.title = t().title;
    document.getElementById("title").textContent = t().title;
    var lang = document.getElementById("lang");
    lang.textContent = t().other; lang.lang = language === "id" ? "en" : "id"; lang.hidden = false;
    what();
    add(el("p", t().help.replace("{help}", main.getAttribute("data-help")).replace("{phone}", main.getAttribute("data-phone")), "hint"));
  }
  function showAnswer(answer, byCode) {
    var w = t();
    switch (answer.state) {
      case "known": showCase(answer["case"], byCode); anotherButton(); break;
      case "pending": showPending(answer); break;
      case "missing": showPlain("wait", clock, w.genuine, w.missing, w.missingText, answer.number); break;
      case "voided": showPlain("wait", block, w.voidedBadge, w.voided, w.voidedText, answer.number); codeForm(w.orCode); break;
      case "revoked": showPlain("bad", block, w.revokedBadge, w.revoked, w.revokedText, answer.number); break;
      case "unknown": showPlain("wait", block, w.unknownBadge, w.unknown, w.unknownText); codeForm(w.code); break;
      default: showPlain("bad", block, w.forgedBadge, w.forged, w.forgedText); codeForm(w.orCode);
    }
  }
  function showTrouble(title, text, path, body) {
    add(el("h1", title)); add(el("p", text));
    var again = el("button", t().again, "button");
    again.type = "button";
    again.onclick = function () { ask(path, body); };
    add(again);
  }
  function ask(path, body) {
    show(function () { add(el("h1", t().loading)); });
    var request = new XMLHttpRequest();
    request.open("POST", path);
    request.timeout = 20000;
    request.setRequestHeader("Content-Type", "application/json");
    request.onload = function () {
      var answer = null;
      try { answer = request.status === 200 ? JSON.parse(request.responseText) : null; } catch (error) { answer = null; }
      if (answer && answer.state) show(function () { showAnswer(answer, path === "/t/code"); });
      else if (request.status === 429) show(function () { showTrouble(t().throttled, t().throttledText, path, body); });
      else show(function () { showTrouble(t().offline, t().offlineText, path, body); });
    };
    request.onerror = request.ontimeout = function () { show(function () { showTrouble(t().offline, t().offlineText, path, body); }); };
    request.send(JSON.stringify(body));
  }
  function start() {
    var token = location.hash.replace(/^#/, "");
    if (token) ask("/t/receipt", { token: token });
    else show(showLook);
  }
  document.getElementById("lang").onclick = function () { language = language === "id" ? "en" : "id"; if (draw) show(draw); };
  window.onhashchange = function () { if (location.hash.length > 1) start(); };
  start();
})();
