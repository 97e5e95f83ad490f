// SPDX-License-Identifier: Apache-2.0
// Centre: what a person with a receipt or an access code may see.
#include <spdlog/spdlog.h>

#include "sync/central/ingest/centre.h"
#include "sync/central/ingest/receipt_keys.h"
#include "sync/record/access_code.h"
#include "sync/record/receipt_token.h"

namespace anjungan::central {

using record::Result;

Result<Sight> Centre::look_at_receipt(std::string_view token_text) {
  Sight out;
  auto token = record::parse_token_text(token_text);
  if (!token) {
    out.verdict = Verdict::forged;
    return out;
  }
  std::optional<Loss> lost;
  auto done = m_store->read([&](Reader& in) -> Result<void> {
    out = {};
    lost.reset();
    auto device = in.device({token->number.region, token->number.terminal});
    if (!device) return tl::unexpected(device.error());
    out.verdict = Verdict::forged;
    if (!*device || (*device)->state == DeviceState::pending) return {};
    auto keys = ReceiptKeys::load(in, **device);
    if (!keys) return tl::unexpected(keys.error());
    const auto signer = keys->signer(*token);
    if (!signer) return {};
    out.number = token->number.str();
    if ((*device)->revoked_from != 0 && token->seq >= (*device)->revoked_from) {
      out.verdict = Verdict::revoked;
      return {};
    }
    auto receipt = in.receipt(out.number, record::secret_hash(token->secret));
    if (!receipt) return tl::unexpected(receipt.error());
    if (*receipt && (*receipt)->voided) {
      out.verdict = Verdict::voided;
      return {};
    }
    if (*receipt) {
      auto complaint = in.complaint((*receipt)->number);
      if (!complaint) return tl::unexpected(complaint.error());
      if (*complaint) {
        auto text = case_of(in, **complaint);
        if (!text) return tl::unexpected(text.error());
        out.verdict = Verdict::known;
        out.case_json = std::move(*text);
        return {};
      }
    }
    if (signer->ended_by(token->seq)) {
      // The terminal had another key by then: who made this one has got hold of the former one.
      out = {};
      out.verdict = Verdict::forged;
      m_counters.stale_receipts++;
      spdlog::warn("terminal {}: a receipt for event {} was signed with a key that it had put away",
                   (*device)->id.str(), token->seq);
      return {};
    }
    out.office = (*device)->office;
    out.place = (*device)->place;
    out.seen_ms = (*device)->seen_ms;
    out.issued_ms = token->minutes == 0 ? 0 : record::token_time_ms(token->minutes);
    out.verdict = token->seq <= (*device)->acked_seq ? Verdict::missing : Verdict::pending;
    if (out.verdict == Verdict::missing) {
      m_counters.loss_alarms++;
      lost = Loss{(*device)->id.str(), token->seq, m_clock.unix_ms(), out.number, record::secret_hash(token->secret)};
      spdlog::critical("LOSS ALARM: receipt {} is genuine, event {} of {} was confirmed and is not here", out.number,
                       token->seq, (*device)->id.str());
    }
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  // Whoever holds the receipt gets his answer even when the alarm cannot be kept: the log has it, and whoever shows the
  // receipt again raises it anew.
  if (lost) (void)note_loss(*lost);
  return out;
}

Result<Sight> Centre::look_at_code(std::string_view code_text) {
  Sight out;
  auto code = record::AccessCode::parse(code_text);
  if (!code) return tl::unexpected(code.error());
  auto done = m_store->read([&](Reader& in) -> Result<void> {
    out = {};
    auto receipt = in.receipt_by_code(code_hmac(m_keys, code->code_hash()));
    if (!receipt) return tl::unexpected(receipt.error());
    // A voided code says no more than an unknown one: whoever guesses learns nothing.
    if (!*receipt || (*receipt)->voided) return {};
    auto complaint = in.complaint((*receipt)->number);
    if (!complaint) return tl::unexpected(complaint.error());
    if (!*complaint) return {};
    auto text = case_of(in, **complaint);
    if (!text) return tl::unexpected(text.error());
    out.verdict = Verdict::known;
    out.number = (*complaint)->number;
    out.case_json = std::move(*text);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  if (out.verdict == Verdict::unknown) m_counters.code_misses++;
  return out;
}

}  // namespace anjungan::central
