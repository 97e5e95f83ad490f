// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/sample_filing.h"

#include <filesystem>

#include "sync/ctl/sample_complaints.h"

namespace anjungan::ctl {

std::string catalogue_folder(const std::string& configured) {
  if (!configured.empty()) return configured;
  const std::string installed = ANJUNGAN_INSTALL_ASSETS "/catalogue/bandung";
  std::error_code ignored;
  return std::filesystem::exists(installed, ignored) ? installed : ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung";
}

record::Result<store::Issued> file_sample(store::IntakeStore& store, const catalogue::Catalogue& catalogue,
                                          const store::Identity& identity, const slip::Hall& hall,
                                          const std::string& printer, std::mt19937_64& random) {
  const record::Complaint complaint = sample_complaint(catalogue, random);
  ANJUNGAN_CHECK(record::check(complaint).empty());
  auto data_key = record::DataKey::prepare(identity.seal_to);
  if (!data_key) return tl::unexpected(data_key.error());
  return store.submit({
      .complaint = &complaint,
      .data_key = *std::move(data_key),
      .limits = catalogue.limits,
      .holidays = &catalogue.holidays,
      .utc_offset_min = record::utc_offset_min(hall.zone),
      .printer = printer,
      .payload = [&](const store::Issued& issued) { return slip::payload(issued, complaint, hall, catalogue); },
  });
}

}  // namespace anjungan::ctl
