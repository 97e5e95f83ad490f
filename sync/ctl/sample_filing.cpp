// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/sample_filing.h"

#include <filesystem>

#include "sync/ctl/sample_complaints.h"
#include "sync/media/media.h"

namespace anjungan::ctl {

namespace {

// Grain and stripes of 1280 x 720: as large as a camera's, about 350 KiB.
record::Result<record::Bytes> sample_photo(std::mt19937_64& random) {
  constexpr int k_width = 1280;
  constexpr int k_height = 720;
  record::Bytes pixels(static_cast<std::size_t>(k_width) * k_height * 3);
  const std::uint64_t stripe = 20 + random() % 80;
  for (std::size_t i = 0; i < pixels.size(); i++) {
    pixels[i] = static_cast<std::uint8_t>(i / 3 / stripe % 2 * 120 + random() % 40);
  }
  auto raw = media::encode_photo(pixels, k_width, k_height);
  return raw ? media::remake_photo(*raw) : raw;
}

}  // namespace

std::string catalogue_folder(const std::string& configured) {
  if (!configured.empty()) return configured;
  const std::string installed = ANJUNGAN_INSTALL_ASSETS "/catalogue/bandung";
  std::error_code ignored;
  return std::filesystem::exists(installed, ignored) ? installed : ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung";
}

record::Result<store::Issued> file_sample(store::IntakeStore& store, const catalogue::Catalogue& catalogue,
                                          const store::Identity& identity, const slip::Hall& hall,
                                          const std::string& printer, std::mt19937_64& random, int photos) {
  const record::Complaint complaint = sample_complaint(catalogue, random);
  ANJUNGAN_CHECK(record::check(complaint).empty());
  auto data_key = record::DataKey::prepare(identity.seal_to);
  if (!data_key) return tl::unexpected(data_key.error());
  std::vector<record::Attachment> attachments;
  for (int n = 0; n < photos; n++) {
    auto photo = sample_photo(random);
    if (!photo) return tl::unexpected(photo.error());
    auto kept = store.keep_attachment(record::AttachmentKind::photo, "image/jpeg", *photo);
    if (!kept) return tl::unexpected(kept.error());
    attachments.push_back(*std::move(kept));
  }
  return store.submit({
      .complaint = &complaint,
      .data_key = *std::move(data_key),
      .limits = catalogue.limits,
      .holidays = &catalogue.holidays,
      .utc_offset_min = record::utc_offset_min(hall.zone),
      .printer = printer,
      .payload = [&](const store::Issued& issued) { return slip::payload(issued, complaint, hall, catalogue); },
      .attachments = std::move(attachments),
  });
}

}  // namespace anjungan::ctl
