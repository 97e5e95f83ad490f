// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/sample_complaints.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace anjungan::ctl {
namespace {

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t bound) { return static_cast<std::size_t>(random() % bound); }

template <class List>
const auto& one_of(const List& list, Random& random) {
  return list[below(random, std::size(list))];
}

constexpr std::array<std::string_view, 8> k_given{"Asep", "Dewi", "Rina", "Ujang", "Siti", "Budi", "Euis", "Yayat"};
// Nobody is called so: the words mean example, supposed, invented.
constexpr std::array<std::string_view, 8> k_family{"Contoh", "Misal",     "Umpama",  "Sampel",
                                                   "Rekaan", "Percobaan", "Andaian", "Karangan"};
constexpr std::array<std::string_view, 6> k_since{"Sejak tiga hari yang lalu", "Sudah dua minggu",
                                                  "Setiap kali hujan deras",   "Sejak Senin pagi",
                                                  "Hampir satu bulan",         "Mulai kemarin malam"};
constexpr std::array<std::string_view, 6> k_effect{
    "warga sekitar terganggu dan anak-anak sulit berangkat ke sekolah.",
    "sudah dua pengendara motor jatuh di tempat ini.",
    "pedagang di depan pasar tidak bisa berjualan seperti biasa.",
    "lansia yang tinggal di gang ini takut keluar rumah pada malam hari.",
    "kami sudah melapor ke ketua RT, tetapi belum ada yang datang.",
    "jalan menjadi macet setiap pagi dan sore."};
constexpr std::array<std::string_view, 5> k_spot{"di depan masjid", "dekat jembatan penyeberangan",
                                                 "di samping sekolah dasar", "di mulut gang", "di seberang puskesmas"};
constexpr std::array<std::string_view, 4> k_wish{
    "Mohon diperiksa dan diperbaiki sebelum musim hujan.", "Mohon petugas datang melihat sendiri keadaannya.",
    "Mohon diberi kabar kapan akan dikerjakan.", "Mohon ditindak sesuai aturan."};

const catalogue::Category& any_topic(const catalogue::Catalogue& catalogue, Random& random) {
  const catalogue::Category& group = one_of(catalogue.categories, random);
  return group.children.empty() ? group : one_of(group.children, random);
}

// Sixteen digits that no civil registry gives out: region 00 does not exist.
std::string invented_nik(Random& random) {
  return fmt::format("000000{:02}{:02}{:02}{:04}", 1 + below(random, 28), 1 + below(random, 12), 50 + below(random, 50),
                     1 + below(random, 9999));
}

}  // namespace

record::Complaint sample_complaint(const catalogue::Catalogue& catalogue, Random& random) {
  const catalogue::Category& topic = any_topic(catalogue, random);
  const catalogue::District& district = one_of(catalogue.districts, random);
  const catalogue::Village& village = one_of(district.villages, random);
  record::Complaint out;
  const std::size_t kind = below(random, 10);
  out.kind = kind < 8    ? record::ComplaintClass::complaint
             : kind == 8 ? record::ComplaintClass::aspiration
                         : record::ComplaintClass::information;
  const std::size_t privacy = below(random, 10);
  out.privacy = privacy < 7   ? record::Privacy::open
                : privacy < 9 ? record::Privacy::anonymous
                              : record::Privacy::confidential;
  out.category = topic.id;
  out.district = district.id;
  out.village = village.id;
  const std::string_view since = one_of(k_since, random);
  const std::string_view spot = one_of(k_spot, random);
  out.story = fmt::format("{} {}: {}. Akibatnya, {}", since, spot, topic.label.indonesian, one_of(k_effect, random));
  out.place = fmt::format("{}, {}, {}", spot, village.name, district.name);
  out.when = std::string(since);
  out.how = std::string(one_of(k_wish, random));
  if (out.privacy != record::Privacy::anonymous) {
    out.name = fmt::format("{} {}", one_of(k_given, random), one_of(k_family, random));
    out.phone = fmt::format("0800{:08}", below(random, 100'000'000));
    if (below(random, 2) == 0) out.nik = invented_nik(random);
    out.address = fmt::format("RT {:02}/RW {:02}, {}", 1 + below(random, 12), 1 + below(random, 15), village.name);
  }
  return out;
}

}  // namespace anjungan::ctl
