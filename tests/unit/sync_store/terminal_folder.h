// SPDX-License-Identifier: Apache-2.0
// A terminal's folder for tests: made in the temporary folder, removed at the end, with an identity and an honest
// complaint.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "sync/store/intake_store.h"

namespace anjungan::store {

class TestClock final : public record::Clock {
 public:
  [[nodiscard]] std::int64_t unix_ms() const override { return now_ms; }
  [[nodiscard]] std::int64_t monotonic_ms() const override { return 1'000; }
  [[nodiscard]] std::string boot_id() const override { return "00000000-0000-0000-0000-000000000000"; }
  std::int64_t now_ms = 1'795'256'520'000;  // 2026-11-21
};

class TerminalFolder {
 public:
  explicit TerminalFolder(const std::filesystem::path& in = std::filesystem::temp_directory_path()) {
    std::string pattern = (in / "anjungan-test-XXXXXX").string();
    root = mkdtemp(pattern.data());
    identity.region = 3273;
    identity.terminal = 12;
    identity.office = "MPP Kota Bandung";
    identity.public_url = "https://lapor.example.go.id";
    identity.seal_to = {centre.public_key(), escrow.public_key()};
  }
  ~TerminalFolder() {
    std::error_code ignored;
    std::filesystem::permissions(data(), std::filesystem::perms::owner_all, ignored);
    std::filesystem::remove_all(root, ignored);
  }
  TerminalFolder(const TerminalFolder&) = delete;
  TerminalFolder& operator=(const TerminalFolder&) = delete;

  [[nodiscard]] std::string data() const { return root + "/data"; }
  [[nodiscard]] std::string runtime() const { return root + "/run"; }

  [[nodiscard]] record::Result<std::unique_ptr<IntakeStore>> open(std::uint64_t acked_seq = 0) {
    IntakeOptions options;
    options.ballast_bytes = 0;
    options.low_water_bytes = 0;
    options.acked_seq = acked_seq;
    options.clock = &clock;
    return IntakeStore::open(data(), runtime(), identity, record::SigningKey::from_seed(seed), options);
  }

  [[nodiscard]] static record::Complaint complaint() {
    record::Complaint out;
    out.category = "jalan.lubang";
    out.district = "coblong";
    out.story = "Lubangbesar di depan SD Misaljaya sudah duaminggu";
    out.place = "Jalan Contohraya nomor delapan";
    out.name = "Sumiati Namasaja";
    out.phone = "081234567890";
    out.nik = "3273014107650001";
    return out;
  }

  [[nodiscard]] Submission submission(const record::Complaint& complaint) const {
    Submission out{
        &complaint, *record::DataKey::prepare(identity.seal_to),
        "kiosk",    {},
        nullptr,    420,
        "struk",    [](const Issued& issued) { return "payload of " + issued.number.str() + " Sumiati Namasaja"; }};
    return out;
  }

  std::string root;
  Identity identity;
  TestClock clock;
  record::SigningKey::Seed seed{7};
  record::SealingKey centre = record::SealingKey::generate();
  record::SealingKey escrow = record::SealingKey::generate();
};

}  // namespace anjungan::store
