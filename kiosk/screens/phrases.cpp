// SPDX-License-Identifier: Apache-2.0
#include "kiosk/screens/phrases.h"

namespace anjungan::screens {

using record::Field;
using record::Problem;

const char* field_label(const ui::Ui& ui, Field field) {
  switch (field) {
    case Field::story:
      return ui.tr("Cerita");
    case Field::place:
      return ui.tr("Tempat");
    case Field::when:
      return ui.tr("Waktu");
    case Field::who:
      return ui.tr("Siapa");
    case Field::how:
      return ui.tr("Harapan");
    case Field::name:
      return ui.tr("Nama");
    case Field::phone:
      return ui.tr("Telepon");
    case Field::nik:
      return ui.tr("NIK");
    case Field::address:
      return ui.tr("Alamat");
  }
  return "";
}

const char* problem_text(const ui::Ui& ui, const session::State& state, Field field, Problem problem) {
  switch (problem) {
    case Problem::empty:
      if (field == Field::name && state.draft.privacy != record::Privacy::anonymous)
        return ui.tr("Nama belum diisi. Isi nama Anda, atau kembali dan pilih Anonim.");
      return ui.tr("Belum diisi. Ceritakan dengan beberapa kata saja.");
    case Problem::too_long:
      return ui.tr("Terlalu panjang. Hapus sebagian tulisan.");
    case Problem::not_text:
      return ui.tr("Ada tanda yang tidak dikenal. Hapus lalu ketik lagi.");
    case Problem::not_digits:
      return field == Field::nik ? ui.tr("NIK hanya berisi angka.") : ui.tr("Nomor telepon hanya berisi angka.");
    case Problem::wrong_length:
      return field == Field::nik ? ui.tr("NIK berisi 16 angka. Cocokkan dengan KTP Anda.")
                                 : ui.tr("Nomor telepon berisi 8 sampai 15 angka.");
    case Problem::impossible_date:
      return ui.tr("Tanggal lahir di dalam NIK ini tidak ada. Cocokkan dengan KTP Anda.");
    case Problem::serial_zero:
      return ui.tr("NIK tidak berakhir dengan 0000. Cocokkan dengan KTP Anda.");
    case Problem::not_a_phone_number:
      return ui.tr("Awali nomor telepon dengan 0 atau +62.");
  }
  return "";
}

const char* print_reason(const ui::Ui& ui, std::string_view reason) {
  if (reason.starts_with("media-empty") || reason.starts_with("media-needed")) return ui.tr("Kertas habis.");
  if (reason.starts_with("cover-open") || reason.starts_with("door-open")) return ui.tr("Tutup printer terbuka.");
  if (reason.starts_with("media-jam")) return ui.tr("Kertas tersangkut.");
  if (reason.starts_with("offline") || reason.starts_with("connecting")) return ui.tr("Printer tidak terhubung.");
  return ui.tr("Printer belum siap.");
}

std::string thousands(const ui::Ui& ui, std::size_t value) {
  std::string out = std::to_string(value);
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, ui.indonesian() ? "." : ",");
  return out;
}

}  // namespace anjungan::screens
