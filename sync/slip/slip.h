// SPDX-License-Identifier: Apache-2.0
// What a terminal's receipt says: from an issued number and a complaint to receipt::Content, by way of the payload that
// waits encrypted on disk until the paper came out.
#pragma once

#include <string>

#include "printer/receipt/content.h"
#include "sync/catalogue/catalogue.h"
#include "sync/record/complaint.h"
#include "sync/store/intake_store.h"

namespace anjungan::slip {

/// The hall's own words.
struct Hall {
  std::string government;
  std::string hall;
  std::string office;
  std::string place;
  std::string phone;
  std::string public_url;  ///< base of the QR's address
  record::Zone zone = record::Zone::wib;
};

/// Everything a first receipt needs, as text for IntakeStore. Holds personal data: wipe it.
[[nodiscard]] std::string payload(const store::Issued& issued, const record::Complaint& complaint, const Hall& hall,
                                  const catalogue::Catalogue& catalogue);

/// The short form for a reissue: number, new code and QR, no name, no subject.
[[nodiscard]] std::string short_payload(const store::Issued& issued, int copy, const Hall& hall);

/// Printed again at this time, with the same number and access code, for nobody knows what became of the one before.
struct Mark {
  int n = 0;  ///< 0: not marked
  std::int64_t now_ms = 0;
};

/// The receipt of a payload; `delivered_ms` is when the centre confirmed it, 0 while it has not. Fails with `corrupt`.
[[nodiscard]] record::Result<receipt::Content> content(std::string_view payload, const Hall& hall,
                                                       std::int64_t delivered_ms, const Mark& mark = {});

/// The title of a print job: number, copy and mark, nothing personal.
[[nodiscard]] std::string job_title(const record::TrackingNumber& number, int copy, int mark = 0);

}  // namespace anjungan::slip
