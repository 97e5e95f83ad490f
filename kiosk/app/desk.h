// SPDX-License-Identifier: Apache-2.0
// The desk behind the screen: one thread that owns the store, so that no disk, printer or network ever holds a frame.
// The screen gives it orders and collects its news. Both queues are bounded: of orders only the newest of a kind is
// kept (of staff's deeds one of each), and the session never has more than one submit under way.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "kiosk/app/terminal.h"
#include "kiosk/app/upkeep.h"
#include "kiosk/session/event.h"
#include "sync/slip/printer_desk.h"
#include "sync/store/control_socket.h"
#include "sync/store/doorbell.h"
#include "sync/store/intake_store.h"
#include "sync/store/staff_pin.h"
#include "sync/store/sync_store.h"

namespace anjungan::app {

/// What the screen is told. `qr` comes with an issued receipt.
struct News {
  session::Event event;
  std::optional<screens::QrModules> qr;
};

/// What a command of the centre asks of the program.
enum class Leave { stay, restart, reload };

class Desk {
 public:
  /// Opens the store on its own thread; until it can, and whenever it cannot write, the news say why, and it looks
  /// again every few seconds. `wake` is called from the desk's thread after news were laid out. `terminal` outlives it.
  /// `longest_order`: how long one may take before the desk counts as hung.
  Desk(const Terminal& terminal, std::function<void()> wake,
       std::chrono::milliseconds longest_order = std::chrono::minutes(1));
  /// Ends within a few seconds; what was acknowledged is on disk, what is at the printer is found again.
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  /// An effect of the session; one that concerns the screen alone is passed over. From the screen's thread.
  void order(session::Effect effect);
  /// The oldest news not collected yet. From the screen's thread.
  [[nodiscard]] std::optional<News> next();
  /// Whether the program is to end, or to begin anew with other settings, as soon as nobody is at the screen. Never
  /// while a receipt is at a printer. From the screen's thread.
  [[nodiscard]] Leave leave() const { return m_leave; }
  /// The command that asks to begin anew. From the screen's thread.
  [[nodiscard]] record::Uuid reload_for();
  /// Whether the desk still gets on with its orders: false while one has taken far longer than any disk needs. From the
  /// screen's thread.
  [[nodiscard]] bool alive() const;

 private:
  /// A question to the centre that waits for its answer.
  struct Pending {
    record::Uuid id;
    std::uint64_t question = 0;  ///< the session's own count
    record::SealingKey reply = record::SealingKey::generate();
    std::chrono::steady_clock::time_point until;
  };

  // desk.cpp: the thread and its queues.
  [[nodiscard]] static std::int64_t steady_ms();
  void run();
  void carry_out_orders();
  void tell(session::Event event, std::optional<screens::QrModules> qr = std::nullopt);
  void wait(int ms);

  // desk_orders.cpp: what the session asks for.
  void on(const session::PrepareDataKey&);
  void on(const session::SubmitComplaint& order);
  void on(const session::AskCase& order);
  void on(const session::ForgetCase&);
  void on(const session::RingStaff& order);
  void on(const session::Wiped&) {}
  void refuse(const record::Error& error);
  void show(const store::Issued& issued);
  void settle_attempt();
  [[nodiscard]] record::Result<std::optional<std::int64_t>> job_of(const store::Issued& issued);
  void record_calls();
  void tell_print();
  void tell_uplink();
  void look_after_printers();
  void look_for_answer();
  std::int64_t delivered_ms(const record::TrackingNumber& number);

  // desk_staff.cpp: the staff panel.
  void on(const session::CheckPin& order);
  void on(const session::StaffDeed& order);
  void on(const session::LeaveStaff&);
  [[nodiscard]] record::Result<slip::Outcome> carry_out(const session::StaffDeed& order);
  [[nodiscard]] session::StaffView staff_view();
  void tell_staff();

  // desk_commands.cpp: what an administrator at the centre orders.
  void look_for_commands();
  [[nodiscard]] record::Result<Leave> tend_commands();
  [[nodiscard]] record::Result<std::optional<record::CommandOutcome>> fate_of(const store::KeptCommand& kept,
                                                                              std::int64_t centre_now_ms,
                                                                              Leave& wanted);
  [[nodiscard]] record::Result<std::optional<record::CommandOutcome>> begin(const record::Command& command,
                                                                            Leave& wanted);
  [[nodiscard]] record::Result<std::optional<record::CommandOutcome>> take_up(const record::Command& command,
                                                                              Leave& wanted);
  [[nodiscard]] record::Result<std::optional<std::string>> lay_down(const record::Command& command);
  [[nodiscard]] bool in_force(const record::Command& command) const;
  [[nodiscard]] record::Result<void> put_back(const record::Command& command);
  [[nodiscard]] bool receipt_at_printer();

  // desk_storage.cpp: the store's and the printer's opening, and what keeps them shut.
  void look_at_storage();
  void look_at_keys();
  record::Result<void> open_store();
  void open_printers();
  void close();
  bool keep_up();
  void set_faults(const session::Faults& faults);
  [[nodiscard]] session::Faults standing_faults();

  const Terminal& m_terminal;
  std::function<void()> m_wake;
  std::int64_t m_longest_order_ms;

  std::mutex m_orders_mutex;
  std::deque<session::Effect> m_orders;
  bool m_ending = false;
  int m_ring;  ///< eventfd: an order came, the printer moved, or the end

  std::mutex m_news_mutex;
  std::deque<News> m_news;

  // The desk's thread alone, but for what the ledger does to the store under the mutex.
  std::mutex m_store_mutex;
  std::optional<store::Identity> m_identity;
  std::unique_ptr<store::IntakeStore> m_store;
  std::unique_ptr<slip::PrinterDesk> m_printers;
  std::optional<store::Doorbell> m_bell;
  std::optional<store::ControlSocket> m_control;
  Upkeep m_upkeep;
  std::optional<record::DataKey> m_data_key;
  std::optional<record::SigningNonce> m_nonce;
  std::optional<Pending> m_pending;
  std::optional<session::Faults> m_told_faults;
  std::optional<session::Uplink> m_told_uplink;
  std::chrono::steady_clock::time_point m_uplink_at;  ///< when it is looked at even if nobody rings
  std::string m_told_trouble;                         ///< last line of the log about the store or the printer
  std::string m_told_keys;                            ///< why the next receipt key could not be made, once logged
  session::PrintChanged m_told_print;                 ///< of the job the screen shows
  std::optional<store::Issued> m_attempted;           ///< a commit of which nobody knows yet whether it holds
  int m_calls = 0;                                    ///< for staff, not recorded yet: the store was shut

  bool m_staff_open = false;  ///< the panel, with the right PIN
  std::optional<session::StaffView> m_told_staff;
  store::PinGuard m_pin_guard;
  std::uint64_t m_told_seq = 0;                         ///< last event that the agent was rung for
  std::atomic<bool> m_print_moved = false;              ///< set by the spool's thread
  std::chrono::steady_clock::time_point m_commands_at;  ///< when they are looked at even if nobody rings
  Leave m_leave_wanted = Leave::stay;
  std::atomic<Leave> m_leave = Leave::stay;
  record::Uuid m_reload_for;                       ///< under the news' mutex
  std::atomic<std::int64_t> m_order_since_ms = 0;  ///< steady clock at the start of the order in work; 0: none

  std::thread m_thread;
};

}  // namespace anjungan::app
