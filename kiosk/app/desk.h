// SPDX-License-Identifier: Apache-2.0
// The desk behind the screen: one thread that owns the store, so that no disk, printer or network ever holds a frame.
// The screen gives it orders and collects its news; both queues are bounded.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>

#include "kiosk/app/terminal.h"
#include "kiosk/session/event.h"
#include "printer/spool/spool.h"
#include "sync/slip/ledger.h"
#include "sync/store/doorbell.h"
#include "sync/store/intake_store.h"

namespace anjungan::app {

/// What the screen is told. `qr` comes with an issued receipt.
struct News {
  session::Event event;
  std::optional<screens::QrModules> qr;
};

class Desk {
 public:
  /// Orders are the session's effects; those that concern the screen alone are passed over.
  /// `wake` is called from the desk's thread after news were laid out.
  Desk(const Terminal& terminal, std::function<void()> wake);
  /// Ends within a few seconds; what was acknowledged is on disk, what is at the printer is found again.
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  void order(session::Effect effect);
  [[nodiscard]] std::optional<News> next();

 private:
  struct Pending;  ///< the question that waits for the centre's answer

  void run();
  void carry_out(session::Effect& effect);
  void on(session::PrepareDataKey&);
  void on(session::SubmitComplaint& order);
  void on(session::AskCase& order);
  void on(session::ForgetCase&);
  void on(session::RingStaff& order);
  void on(session::Wiped&) {}

  void tell(session::Event event, std::optional<screens::QrModules> qr = std::nullopt);
  void tell_print();
  void look_at_storage();
  record::Result<void> open();
  void close();
  void set_faults(const session::Faults& faults);
  void look_for_answer();
  std::int64_t delivered_ms(const record::TrackingNumber& number);
  /// False: the desk ends.
  bool wait(int ms);

  const Terminal& m_terminal;
  std::function<void()> m_wake;

  std::mutex m_orders_mutex;
  std::deque<session::Effect> m_orders;
  bool m_ending = false;
  int m_ring;  ///< eventfd: an order came, or the end

  std::mutex m_news_mutex;
  std::deque<News> m_news;

  // The desk's thread alone, but for what the ledger does under the mutex.
  std::mutex m_store_mutex;
  std::optional<store::Identity> m_identity;
  std::unique_ptr<store::IntakeStore> m_store;
  std::unique_ptr<slip::Ledger> m_ledger;
  std::unique_ptr<spool::Spool> m_spool;
  std::optional<store::Doorbell> m_bell;
  std::optional<record::DataKey> m_data_key;
  std::optional<record::SigningNonce> m_nonce;
  std::unique_ptr<Pending> m_pending;
  session::Faults m_faults;
  bool m_told_faults = false;
  bool m_doubtful = false;  ///< a write failed: the store is opened anew before it is trusted again

  std::atomic<bool> m_print_moved = false;  ///< set by the spool's thread

  std::thread m_thread;
};

}  // namespace anjungan::app
