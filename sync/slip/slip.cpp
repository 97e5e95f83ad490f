// SPDX-License-Identifier: Apache-2.0
#include "sync/slip/slip.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sync/record/json_text.h"
#include "sync/record/keys.h"

namespace anjungan::slip {

using nlohmann::json;
using record::Language;
using record::put_json_member;
using record::put_json_number;
using record::Result;

namespace {

/// Indonesian and English side by side: a receipt is short, and its words are the law's.
struct Words {
  const char *title, *number, *terminal, *reporter, *anonymous, *confidential, *address, *kind, *category, *subject,
      *due, *verify, *answer, *close, *due_note, *no_dates, *follow, *scan, *scan_text, *code, *without_phone, *rights,
      *rights_text, *when_printed, *waiting, *delivered, *closing, *copy, *copy_note, *mark_note, *sealed_note;
  const char* kinds[3];
};

constexpr Words k_indonesian = {
    "Tanda terima laporan",
    "Nomor laporan",
    "Anjungan {}",
    "Pelapor",
    "Anonim: nama Anda tidak dibuka",
    "Rahasia: laporan tidak dibuka untuk umum",
    "Alamat",
    "Jenis",
    "Kategori",
    "Perihal",
    "Tenggat",
    "Diperiksa",
    "Dijawab",
    "Ditutup",
    "Paling lambat. Sabtu, Minggu dan hari libur tidak dihitung. Ditutup bila jawaban tidak Anda sanggah.",
    "Jam anjungan sedang tidak tepat; tenggat tampil saat Anda memantau laporan.",
    "Cara memantau",
    "Pindai kode ini",
    "dengan kamera ponsel, atau di anjungan mana pun.",
    "Kode akses",
    "Tanpa ponsel: bawa struk ini ke anjungan atau loket mana pun, atau telepon {}.",
    "Hak Anda",
    "Bila sampai {} belum ada tindak lanjut nyata, Anda berhak melapor ke Ombudsman RI. Layanan ini gratis.",
    "Saat dicetak",
    "Tersimpan di terminal. Belum terkirim ke pusat; dikirim sendiri begitu ada jaringan.",
    "Sudah diterima pusat {}, {}.",
    "Simpan struk ini. Kode akses membuka laporan Anda: jangan diberikan kepada orang lain.",
    "CETAK ULANG {}",
    "Dicetak lagi {}, {}. Struk sebelumnya tidak berlaku lagi.",
    "Dicetak lagi {}, {}. Nomor dan kode akses tetap sama.",
    "Nama, alamat dan perihal tersegel; hanya ada di struk pertama.",
    {"Pengaduan", "Aspirasi", "Permintaan informasi"}};

constexpr Words k_english = {
    "Receipt for your report",
    "Report number",
    "Kiosk {}",
    "Reporter",
    "Anonymous: your name is not shown",
    "Confidential: not shown to the public",
    "Address",
    "Kind",
    "Topic",
    "Subject",
    "Deadlines",
    "Checked",
    "Answered",
    "Closed",
    "At the latest. Saturdays, Sundays and holidays do not count. Closed unless you dispute the answer.",
    "The kiosk's clock is not right at the moment; deadlines show when you follow your report.",
    "How to follow it",
    "Scan this code",
    "with a phone's camera, or at any kiosk.",
    "Access code",
    "Without a phone: take this receipt to any kiosk or counter, or call {}.",
    "Your rights",
    "If there is no real follow-up by {}, you may turn to the Ombudsman. This service is free.",
    "When printed",
    "Stored in the terminal. Not sent to the centre yet; it is sent by itself once there is a network.",
    "Received at the centre {}, {}.",
    "Keep this receipt. The access code opens your report: do not give it to others.",
    "COPY {}",
    "Printed again {}, {}. The earlier receipt is no longer valid.",
    "Printed again {}, {}. Number and access code are the same.",
    "Name, address and subject are sealed; only the first receipt has them.",
    {"Complaint", "Aspiration", "Information request"}};

const Words& words_in(Language language) { return language == Language::english ? k_english : k_indonesian; }

constexpr std::size_t k_subject_length = 90;

/// So that growing leaves no copy of a personal word behind in freed memory.
constexpr std::size_t k_most_payload = 8'192;

std::string begin(const store::Issued& issued, Language language, const Hall& hall) {
  std::string out;
  out.reserve(k_most_payload);
  out.push_back('{');
  put_json_member(out, "lang", record::language_code(language));
  put_json_member(out, "number", issued.number.str());
  put_json_member(out, "code", issued.code.str());
  put_json_member(out, "url", record::token_url(hall.public_url, issued.token));
  if (issued.clock_sane) put_json_number(out, "ms", issued.received_ms);
  if (issued.due) {
    record::put_json_name(out, "due");
    char before = '[';
    for (const record::Date* date :
         {&issued.due->verify, &issued.due->answer, &issued.due->close, &issued.due->ombudsman}) {
      out.push_back(before);
      record::put_json_string(out, date->str());
      before = ',';
    }
    out.push_back(']');
  }
  return out;
}

}  // namespace

std::string payload(const store::Issued& issued, const record::Complaint& complaint, const Hall& hall,
                    const catalogue::Catalogue& catalogue) {
  std::string out = begin(issued, complaint.language, hall);
  put_json_member(out, "class", record::class_name(complaint.kind));
  put_json_member(out, "privacy", record::privacy_name(complaint.privacy));
  if (complaint.privacy == record::Privacy::open) {
    put_json_member(out, "name", complaint.name);
    put_json_member(out, "address", complaint.address);
  }
  if (complaint.privacy != record::Privacy::confidential) {
    std::string subject = record::subject_line(complaint.story, k_subject_length);
    put_json_member(out, "subject", subject);
    record::wipe(subject);
  }
  const catalogue::Category* category = catalogue.category(complaint.category);
  if (category != nullptr) {
    std::string text = category->label.in(complaint.language);
    const std::size_t dot = complaint.category.find('.');
    if (const auto* parent =
            dot == std::string::npos ? nullptr : catalogue.category(complaint.category.substr(0, dot))) {
      text = parent->label.in(complaint.language) + ": " + text;
    }
    put_json_member(out, "category", text);
  }
  out.push_back('}');
  return out;
}

std::string short_payload(const store::Issued& issued, int copy, const Hall& hall) {
  std::string out = begin(issued, Language::indonesian, hall);
  put_json_number(out, "copy", copy);
  out.push_back('}');
  return out;
}

Result<receipt::Content> content(std::string_view payload, const Hall& hall, std::int64_t delivered_ms,
                                 const Mark& mark) {
  const auto damaged = [] { return record::fail(record::ErrorKind::corrupt, "print payload: damaged"); };
  const json in = json::parse(payload.begin(), payload.end(), nullptr, false);
  if (in.is_discarded() || !in.is_object()) return damaged();
  const auto text = [&](const char* key) {
    const auto found = in.find(key);
    return found != in.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const Language language = text("lang") == "en" ? Language::english : Language::indonesian;
  const Words& w = words_in(language);
  const auto number = record::TrackingNumber::parse(text("number"));
  if (!number) return damaged();

  receipt::Content out;
  out.government = hall.government;
  out.hall = hall.hall;
  out.title = w.title;
  out.number_label = w.number;
  out.number = number->str();
  const std::int64_t ms = in.contains("ms") && in["ms"].is_number_integer() ? in["ms"].get<std::int64_t>() : 0;
  const auto when = [&](std::int64_t at) {
    return record::long_date(record::local_date(at, record::utc_offset_min(hall.zone)), language);
  };
  const auto clock = [&](std::int64_t at) { return record::time_of_day(at, hall.zone, language); };
  const int copy = in.contains("copy") && in["copy"].is_number_integer() ? in["copy"].get<int>() : 0;
  if (ms != 0 && copy == 0) out.time = when(ms) + ", " + clock(ms);
  out.place = fmt::format(fmt::runtime(w.terminal), fmt::format("{:04}", number->terminal));
  if (!hall.place.empty()) out.place += " · " + hall.place;
  if (!hall.office.empty()) out.place += (hall.place.empty() ? " · " : ", ") + hall.office;

  if (copy > 0) {
    out.copy = receipt::CopyMark{fmt::format(fmt::runtime(w.copy), copy),
                                 ms == 0 ? std::string() : fmt::format(fmt::runtime(w.copy_note), when(ms), clock(ms))};
    out.rows_note = w.sealed_note;
  } else {
    const std::string privacy = text("privacy");
    const std::string kind = text("class");
    out.rows.push_back({w.reporter,
                        privacy == "anonymous"      ? w.anonymous
                        : privacy == "confidential" ? w.confidential
                                                    : text("name"),
                        true});
    out.rows.push_back({w.address, text("address"), false});
    out.rows.push_back({w.kind, w.kinds[kind == "aspiration" ? 1 : kind == "information" ? 2 : 0], false});
    out.rows.push_back({w.category, text("category"), false});
    out.rows.push_back({w.subject, text("subject"), false});
  }
  if (mark.n > 0) {
    out.copy = receipt::CopyMark{fmt::format(fmt::runtime(w.copy), copy + mark.n),
                                 fmt::format(fmt::runtime(w.mark_note), when(mark.now_ms), clock(mark.now_ms))};
  }
  const auto due = in.find("due");
  if (due != in.end() && due->is_array() && due->size() == 4) {
    const auto day = [&](std::size_t i) {
      const auto date = record::Date::parse((*due)[i].is_string() ? (*due)[i].get<std::string>() : std::string());
      return date ? record::long_date(*date, language) : std::string();
    };
    out.due_title = w.due;
    out.due = {{w.verify, day(0), true}, {w.answer, day(1), true}, {w.close, day(2), true}};
    out.due_note = w.due_note;
    out.rights = fmt::format(fmt::runtime(w.rights_text), day(3));
    out.rights_title = w.rights;
  } else if (copy == 0) {
    out.rows_note = w.no_dates;
  }
  out.follow_title = w.follow;
  out.qr = text("url");
  out.scan_title = w.scan;
  out.scan_text = w.scan_text;
  out.code_label = w.code;
  out.code = text("code");
  out.without_phone = fmt::format(fmt::runtime(w.without_phone), hall.phone);
  out.state_title = w.when_printed;
  out.delivered = delivered_ms != 0;
  out.state =
      out.delivered ? fmt::format(fmt::runtime(w.delivered), when(delivered_ms), clock(delivered_ms)) : w.waiting;
  out.closing = w.closing;
  return out;
}

std::string job_title(const record::TrackingNumber& number, int copy, int mark) {
  std::string out = number.str();
  if (copy > 0) out += fmt::format("-copy-{}", copy);
  if (mark > 0) out += fmt::format("-mark-{}", mark);
  return out;
}

}  // namespace anjungan::slip
