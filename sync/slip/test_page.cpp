// SPDX-License-Identifier: Apache-2.0
#include "sync/slip/test_page.h"

namespace anjungan::slip {

receipt::Content test_content(const Hall& hall, const std::string& device, std::int64_t now_ms) {
  receipt::Content out;
  out.government = hall.government;
  out.hall = hall.hall;
  out.title = "Halaman uji printer";
  if (record::clock_is_sane(now_ms)) {
    const auto day = record::local_date(now_ms, record::utc_offset_min(hall.zone));
    out.time = record::long_date(day, record::Language::indonesian) + ", " +
               record::time_of_day(now_ms, hall.zone, record::Language::indonesian);
  }
  out.place = hall.place.empty() ? hall.office : hall.place + ", " + hall.office;
  out.rows.push_back({"Printer", device, true});
  out.rows.push_back({"Huruf", "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789", false});
  out.rows_note = "Periksa: semua huruf utuh, garis tidak terputus, kode QR terbaca kamera, kertas terpotong.";
  out.follow_title = "Kode QR";
  out.qr = hall.public_url;
  out.scan_title = "Pindai kode ini";
  out.scan_text = "dengan kamera ponsel: yang terbuka ialah laman pemantauan.";
  out.closing = "Bukan tanda terima.";
  return out;
}

std::string test_title(std::int64_t now_ms) { return "test-page-" + std::to_string(now_ms); }

}  // namespace anjungan::slip
