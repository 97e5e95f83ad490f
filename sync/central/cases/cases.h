// SPDX-License-Identifier: Apache-2.0
// The life of a complaint as rules without a database: which action leads where, and what each action needs.
//
// received -> verified -> disposed -> in_progress -> resolved -> closed. Only a follow-up with content moves a
// complaint to in_progress, and only one with evidence resolves it: an acknowledgement is not an answer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sync/catalogue/catalogue.h"
#include "sync/central/store/store.h"
#include "sync/record/result.h"

namespace anjungan::central {

enum class Action { verify, dispose, follow_up, resolve };

/// What staff says with an action.
struct Deed {
  Action action = Action::verify;
  std::string agency;    ///< dispose: id of the catalogue
  std::string text;      ///< follow_up, resolve: for the public, at most 2,000 characters, nothing personal
  std::string evidence;  ///< resolve: what proves it (a photo's name, a letter's number)
};

/// The status after the deed. Fails with `invalid` (naming the field) or `conflict` (naming the status it does not
/// fit).
[[nodiscard]] record::Result<std::string> apply(const std::string& status, const Deed& deed,
                                                const catalogue::Catalogue& catalogue);

/// The kind of the step it leaves: verified, disposed, followup, resolved.
[[nodiscard]] const char* step_kind(Action action);
[[nodiscard]] record::EventType event_type(Action action);

/// A case as JSON without personal data: for the tracking page, the terminal's feed and answers to questions. Fields:
/// README.
[[nodiscard]] std::string case_json(const ComplaintRow& complaint, const std::vector<Step>& steps,
                                    const std::vector<AttachmentRow>& attachments,
                                    const catalogue::Catalogue& catalogue, std::int64_t now_ms);

}  // namespace anjungan::central
