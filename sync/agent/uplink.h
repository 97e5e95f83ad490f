// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/agent/blob_lane.h"
#include "sync/agent/http_client.h"
#include "sync/agent/own_events.h"
#include "sync/agent/uplink_parts.h"
#include "sync/record/clock.h"
#include "sync/record/command.h"
#include "sync/store/identity.h"
#include "sync/store/next_keys.h"
#include "sync/store/sync_store.h"
#include "sync/wire/sync_answer.h"
#include "sync/wire/sync_request.h"

namespace anjungan::agent {

// One terminal's side of the sync protocol (PROTOCOL.md): what to send next, and what an answer means. Knows no waiting
// and no sockets; the caller decides when. Everything it learns is in sync.db before a call returns, so a kill at any
// moment loses nothing but the answer under way, which the next exchange asks for again. Not thread-safe.
class Uplink {
 public:
  using Parts = UplinkParts;

  // Fails when sync.db cannot be read.
  [[nodiscard]] static record::Result<Uplink> open(Parts parts);

  // Sends one batch (perhaps of no events) and takes in the answer.
  [[nodiscard]] Exchange exchange();

  // Carries the questions that wait in intake.db, one request each. `rest` when none is left; `back_off` at the first
  // that got no valid answer.
  [[nodiscard]] Exchange carry_questions();
  [[nodiscard]] bool questions_wait();

  // One step of the second lane: asks for an attachment, or sends a piece of it. As BlobLane::step.
  [[nodiscard]] Exchange carry_blob();
  [[nodiscard]] std::size_t blobs_put_off() const { return m_lane.put_off(); }
  // What became of an answer that a person carried here.
  struct CarriedNews {
    enum class Outcome {
      taken,      // it told something new
      known,      // it had been taken before, or the network was faster
      overtaken,  // the centre came back from a backup meanwhile: what it says counts no more
    };
    Outcome outcome = Outcome::known;
    wire::Standing standing = wire::Standing::welcome;  // as the answer has it
    std::uint64_t acked_seq = 0;                        // of this terminal, afterwards
    std::size_t news = 0;                               // cases that changed
  };
  // Takes in one file that `anjunganctl central import` wrote (PROTOCOL.md, "Carried by hand"). Nothing is changed when
  // it fails: `invalid` cut short or no such file, `denied` altered, or of another terminal or centre, `conflict` when
  // this disk and the centre disagree.
  [[nodiscard]] record::Result<CarriedNews> take_carried(record::ByteView file);

  // A command of the centre asks this program to end, so that it is started anew.
  [[nodiscard]] bool restart_asked() const { return m_restart_asked; }
  // A change of this terminal's keys (PROTOCOL.md, "Rotation"). Every step of it is a file (store/next_keys.h), so it
  // goes on after any end of this program; while one is under way each exchange begins with it.
  struct Rotation {
    enum class Step {
      none,               // nothing is under way
      waits_for_app,      // the kiosk has yet to make its key
      waits_for_network,  // nobody answered
      refused,            // the centre does not take it now, or something else answered
      done,               // just now: the next keys are those in use
    };
    Step step = Step::none;
    std::string reason;             // of the last three but `done`
    std::chrono::seconds asked{0};  // Retry-After
    // The centre holds other keys than the request says are in use.
    bool other_keys = false;
  };
  [[nodiscard]] record::Result<void> order_rotation(store::KeysToGo which);
  [[nodiscard]] record::Result<Rotation> carry_rotation();
  [[nodiscard]] const store::Identity& identity() const { return m_parts.identity; }

  // Notes in sync.db that the last try failed, for status displays.
  void remember_failure(const std::string& reason);

  [[nodiscard]] const store::SyncState& state() const { return m_state; }
  // Events that the centre has not confirmed.
  [[nodiscard]] std::uint64_t waiting();

 private:
  Uplink(Parts parts, store::SyncState state);
  // What to tell people who look at the terminal.
  static std::string_view standing_text(wire::Standing standing);

  struct Batch {
    wire::SyncRequest request;
    std::uint64_t last_seq = 0;
    bool again = false;  // of a resend
  };
  // Events that a command asks for once more: `next` up to `last`.
  struct Resend {
    record::Uuid id;
    std::uint64_t first = 0;
    std::uint64_t next = 0;
    std::uint64_t last = 0;
  };
  struct News {
    std::vector<store::CaseNews> cases;
    store::Orders orders;
  };

  record::Result<std::vector<store::Question>> open_questions();
  record::Result<Batch> next_batch(std::uint64_t last_seq);
  record::Result<HttpAnswer> send(std::string_view path, const record::Bytes& message);
  Exchange take(const wire::SyncAnswer& answer, const Batch& batch, std::int64_t sent_ms);
  record::Result<CarriedNews> take_carried_answer(const wire::SyncRequest& request, const wire::SyncAnswer& answer);
  record::Result<News> read_feed(const std::vector<wire::FeedItem>& feed);
  // uplink_commands.cpp
  static void read_order(const wire::FeedItem& item, store::Orders& out);
  record::Result<void> tend_commands();
  record::Result<bool> tend(const store::KeptCommand& kept);
  record::Result<void> begin_resend(const record::Command& command, const store::KeptCommand& kept);
  record::Result<void> resent(std::uint64_t next_seq);
  record::Result<void> end(const record::Uuid& id, record::CommandEnd outcome, const std::string& reason);
  record::Result<void> adopt_keys(record::ByteView manifest_message);
  record::Result<void> hear_rotation_wish(const wire::FeedItem& item);
  // The request that waits for its answer.
  record::Result<std::optional<record::Bytes>> sent_rotation();
  // The request that waits, made now if everything for it is there; nullopt while the app has not made its key.
  record::Result<std::optional<record::Bytes>> waiting_rotation(store::KeysToGo which);
  // Sends a rotation request and reads its answer.
  Rotation show_rotation(const record::Bytes& request);
  record::Result<void> use_next_keys(const record::Bytes& request);
  // A centre that came back from a backup may know former keys alone: whether it knows the present ones now.
  bool show_taken_rotations();
  // Batches do not tell whether it knows a receipt key that changed alone: once an epoch it is shown.
  void show_lone_receipt_key();

  Parts m_parts;
  store::SyncState m_state;
  OwnEvents m_own;
  std::vector<wire::SeqRange> m_need;
  BlobLane m_lane;
  std::optional<wire::Epoch> m_keys_shown;  // in which the centre has answered for the newest keys
  std::uint64_t m_commands_before = 0;      // the last one that had come when this program started
  std::optional<Resend> m_resend;
  bool m_restart_asked = false;
};

}  // namespace anjungan::agent
