// SPDX-License-Identifier: Apache-2.0
// Receipts with invented people, as the programs would fill them.
#pragma once

#include <string>

#include "printer/receipt/content.h"

namespace anjungan::receipt {

inline Content sample() {
  Content out;
  out.government = "Pemerintah Kota Bandung";
  out.hall = "Mal Pelayanan Publik";
  out.title = "Tanda terima laporan";
  out.number_label = "Nomor laporan";
  out.number = "3273-0012-000427-3";
  out.time = "Rabu, 12 Agustus 2026, 10.32 WIB";
  out.place = "Anjungan 0012 · Lantai 1, MPP Kota Bandung";
  out.rows = {{"Pelapor", "Sumiati Contoh", true},
              {"Alamat", "Jl. Kembang Misal 8, Kel. Sukacontoh", false},
              {"Jenis", "Pengaduan", false},
              {"Kategori", "Jalan dan jembatan: lubang jalan", false},
              {"Perihal", "Lubang besar di depan SD Misal Jaya, motor sering jatuh", false},
              {"Lampiran", "2 foto, 1 rekaman suara", false}};
  out.due_title = "Tenggat";
  out.due = {{"Diperiksa", "Selasa, 18 Agustus 2026", true},
             {"Dijawab", "Kamis, 3 September 2026", true},
             {"Ditutup", "Kamis, 17 September 2026", true}};
  out.due_note = "Paling lambat. Sabtu, Minggu dan hari libur tidak dihitung. Ditutup bila jawaban tidak Anda sanggah.";
  out.follow_title = "Cara memantau";
  out.qr =
      "https://lapor.example.go.id/"
      "t#"
      "AQAfK2J3HdGLy1kDAAAAAAARN0KQoKGio6SlpqeoqaqrEBESExQVFhd3uKWcM9X0QlF1dHJmS0x5RlNkYkdjd3BYb2pRa1R2cVhTWmJuQ2tEVmxI"
      "YVB3"
      "ZUxyTWd1SXpRbUFKVg";
  out.scan_title = "Pindai kode ini";
  out.scan_text = "dengan kamera ponsel, atau di anjungan mana pun.";
  out.code_label = "Kode akses";
  out.code = "7K4M-Q2XD-9TRN-H5WC";
  out.without_phone = "Tanpa ponsel: bawa struk ini ke anjungan atau loket mana pun, atau telepon (022) 555-0142.";
  out.rights_title = "Hak Anda";
  out.rights =
      "Bila sampai Minggu, 11 Oktober 2026 belum ada tindak lanjut nyata, Anda berhak melapor ke Ombudsman RI. Layanan "
      "ini "
      "gratis.";
  out.state_title = "Saat dicetak";
  out.state = "Tersimpan di terminal. Belum terkirim ke pusat; dikirim sendiri begitu ada jaringan.";
  out.closing = "Simpan struk ini. Kode akses membuka laporan Anda: jangan diberikan kepada orang lain.";
  return out;
}

inline Content anonymous() {
  Content out = sample();
  out.rows[0] = {"Pelapor", "Anonim: nama Anda dirahasiakan", true};
  out.rows[1].value.clear();
  out.rows[5].value.clear();
  return out;
}

inline Content reprint() {
  Content out = sample();
  out.copy =
      CopyMark{"CETAK ULANG 1", "Dicetak lagi Kamis, 13 Agustus 2026, 09.05 WIB. Struk sebelumnya tidak berlaku lagi."};
  out.rows[0].value.clear();
  out.rows[1].value.clear();
  out.rows[4].value.clear();
  out.rows_note = "Nama, alamat dan perihal tersegel; hanya ada di struk pertama.";
  out.delivered = true;
  out.state = "Sudah diterima pusat Rabu, 12 Agustus 2026, 10.33 WIB.";
  return out;
}

inline Content counter() {
  Content out = sample();
  out.place = "Loket 4 · Lantai 1, MPP Kota Bandung";
  out.rows.insert(out.rows.begin() + 2, {"Kuasa", "Neni Umpama (anak), hadir bersama pelapor", false});
  out.signature = SignatureLine{"Diterima oleh", "Rini Umpama", "Petugas Loket 4", "Tanda tangan petugas"};
  return out;
}

/// Everything a person or a broken program could put into a field.
inline Content nasty() {
  Content out = sample();
  out.rows[0].value =
      "\x1b@\x1dV\x01 Budi\x10\x04\x01 \xff\xfe Umpama \xe2\x80\xae terbalik 👍🏽 مثال 名前 e\xcc\x81\xcc\x81";
  out.rows[1].value = std::string(10'000, 'x');
  out.rows[4].value.clear();
  for (int n = 0; n < 2'000; n++) out.rows[4].value += "kata ";
  out.hall = "Mal Pelayanan Publik dengan nama yang sangat panjang sekali";
  out.code.clear();
  out.code_note = "Ada di struk pertama. Hilang? Petugas memberi kode baru.";
  out.qr = "https://lapor.example.go.id/";
  return out;
}

}  // namespace anjungan::receipt
