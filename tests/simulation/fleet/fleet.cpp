// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/fleet/fleet.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "tests/simulation/fleet/centre.h"
#include "tests/simulation/fleet/courier.h"
#include "tests/simulation/fleet/network.h"
#include "tests/simulation/fleet/terminal.h"

namespace anjungan::simulation {
namespace {

constexpr std::int64_t k_second = 1'000;
constexpr std::int64_t k_hour = 3'600 * k_second;
constexpr std::int64_t k_day = 24 * k_hour;
constexpr std::size_t k_all = 100'000;

class Fleet {
 public:
  Fleet(const Scene& scene, std::uint64_t seed, FleetTally& tally)
      : m_world(seed),
        m_scene(scene),
        m_tally(tally),
        m_centre(m_world, scene.centre_folder(), scene.catalogue(), scene.centre_image()),
        m_network(m_world, m_centre),
        m_courier(m_world, m_centre),
        m_line(m_network) {
    scene.reboot_all();
    // Most fleets are small and short, for there are many more of them then.
    const bool large = m_world.chance(5);
    const int terminals = large ? Scene::k_terminals : 1 + static_cast<int>(m_world.below(2));
    m_steps = large ? 60 + m_world.below(60) : 8 + m_world.below(24);
    for (int n = 0; n < terminals; n++) {
      m_terminals.push_back(
          std::make_unique<SimulatedTerminal>(m_world, scene.terminal_folder(n), scene.terminal_image(n), m_line));
    }
  }

  std::string run() {
    if (auto started = m_centre.start(); !started) return started.error().text;
    constexpr unsigned k_weathers[] = {0, 10, 30, 60};
    m_network.set_trouble(k_weathers[m_world.below(std::size(k_weathers))]);
    m_weather = k_weathers[m_world.below(std::size(k_weathers))];
    for (std::uint64_t n = 0; n < m_steps && m_failure.empty(); n++) step();
    if (m_failure.empty()) calm();
    if (m_failure.empty()) judge();
    m_tally.seeds++;
    return m_failure;
  }

 private:
  void fail(const std::string& what) {
    if (m_failure.empty()) m_failure = what;
  }

  SimulatedTerminal& any() { return *m_terminals[m_world.below(m_terminals.size())]; }

  void step() {
    m_world.pass(static_cast<std::int64_t>(m_world.below(m_world.chance(10) ? 2 * k_day : 120 * k_second)));
    if (!m_centre.runs() && m_world.chance(40)) start_centre();
    SimulatedTerminal& terminal = any();
    if (m_world.chance(m_weather)) {
      if (m_world.chance(50)) {
        trouble_at(terminal);
      } else {
        trouble_at_centre();
      }
    }
    switch (m_world.below(12)) {
      case 0:
      case 1:
      case 2:
        terminal.file_complaint();
        break;
      case 3:
        terminal.print();
        break;
      case 4:
        terminal.note_assistance();
        break;
      case 5:
        m_network.deliver_late();
        break;
      case 6:
        m_courier.collect(terminal);
        break;
      case 7:
        m_courier.bring();
        m_courier.bring_back(any());
        break;
      default:
        terminal.sync(1 + m_world.below(6));
    }
    tidy_centre();
    if (!terminal.violation().empty()) fail(terminal.violation());
    if (terminal.disagreed() && !is_copied(terminal)) fail(terminal.identity().device() + ": told to enrol anew");
  }

  void trouble_at(SimulatedTerminal& terminal) {
    switch (m_world.below(10)) {
      case 0:
        return terminal.kill_app();
      case 1:
        return terminal.kill_agent();
      case 2:
        m_tally.deaths++;
        return terminal.lose_power();
      case 3:
        return terminal.app_dies_after(1 + m_world.below(30));
      case 4:
        return terminal.agent_dies_after(1 + m_world.below(30));
      case 5:
      case 6:
        m_tally.deaths++;
        return terminal.power_fails_after(1 + m_world.below(40));
      case 7:
        return m_world.chance(50) ? terminal.fill_disk() : terminal.empty_disk();
      case 8:
        return jump_clock(terminal.clock());
      default:
        return m_world.chance(30) ? copy_terminal() : grow_old(terminal);
    }
  }

  void jump_clock(MachineClock& clock) {
    const std::int64_t since_1970 = m_world.now_ms();
    const std::int64_t wrong[] = {0, 0, -since_1970, 10 * 365 * k_day, -300 * k_day, 3 * k_hour};
    clock.be_wrong_by(wrong[m_world.below(std::size(wrong))]);
  }

  void grow_old(SimulatedTerminal& terminal) {
    if (m_world.chance(50)) m_world.pass(static_cast<std::int64_t>(m_world.below(120)) * k_day);
    terminal.sync(2);
    terminal.purge();
  }

  void trouble_at_centre() {
    switch (m_world.below(10)) {
      case 0:
        return m_centre.kill();
      case 1:
        m_tally.deaths++;
        return m_centre.lose_power();
      case 2:
        return m_centre.die_after(1 + m_world.below(60));
      case 3:
      case 4:
        m_tally.deaths++;
        return m_centre.lose_power_after(1 + m_world.below(60));
      case 5:
        return m_world.chance(50) ? m_centre.fill_disk() : m_centre.empty_disk();
      case 6:
        return m_centre.disk().fail_syncs(m_world.chance(50) ? 30 : 0);
      case 7:
        return m_world.chance(70) ? m_centre.back_up() : m_centre.copy_disk();
      case 8:
        return jump_clock(m_centre.clock());
      default:
        if (m_centre.restore()) {
          m_tally.restores++;
          start_centre();
        }
    }
  }

  void start_centre() {
    auto started = m_centre.start();
    if (started || !m_centre.disk().powered() || started.error().kind == record::ErrorKind::full ||
        started.error().kind == record::ErrorKind::io) {
      return;
    }
    fail("the centre does not start: " + started.error().text);
  }

  void tidy_centre() {
    if (!m_centre.disk().powered()) return m_centre.lose_power();
    if (!m_centre.lives()) m_centre.kill();
  }

  [[nodiscard]] bool is_copied(const SimulatedTerminal& terminal) const {
    return m_copy && terminal.identity().device() == m_copy->identity().device();
  }

  /// A second machine with everything that the first one has.
  void copy_terminal() {
    if (m_copy != nullptr) return;
    const auto which = m_world.below(m_terminals.size());
    SimulatedTerminal& original = *m_terminals[which];
    original.tidy();
    m_before_copy = original.given();
    const std::string folder = m_scene.copy_keys(static_cast<int>(which));
    auto copy = std::make_unique<SimulatedTerminal>(m_world, folder, original.copy_for(folder), m_line);
    m_copy = copy.get();
    m_terminals.push_back(std::move(copy));
  }

  // Calm: everything works again, and everybody gets done.
  void calm() {
    m_network.set_trouble(0);
    m_centre.empty_disk();
    m_centre.disk().fail_syncs(0);
    m_centre.spare();
    if (!m_centre.lives() || m_world.chance(30)) m_centre.kill();
    start_centre();
    for (int n = 0; n < 20; n++) m_network.deliver_late();
    for (const auto& terminal : m_terminals) {
      terminal->empty_disk();
      terminal->spare();
      if (m_world.chance(50)) terminal->lose_power();
      terminal->note_assistance();  // opens the store once more
    }
    std::string waits = "nobody has begun";
    for (int round = 0; round < 40 && !waits.empty(); round++) {
      waits.clear();
      for (const auto& terminal : m_terminals) {
        m_world.pass(std::max<std::int64_t>(terminal->next_sync_ms() - m_world.now_ms(), 0));
        const agent::Exchange done = terminal->sync(100);
        if (done.next != agent::Next::rest && !is_copied(*terminal)) {
          waits = terminal->identity().device() + ": " + done.reason;
        }
        // A copy shows when both have gone on.
        if (is_copied(*terminal) && round < 4) waits = "copies";
        if (!terminal->violation().empty()) fail(terminal->violation());
      }
    }
    if (!waits.empty()) fail("does not get done: " + waits);
    for (int n = 0; n < 20; n++) m_network.deliver_late();
    // Old sticks turn up.
    m_courier.bring();
    for (const auto& terminal : m_terminals) {
      m_courier.bring_back(*terminal);
      if (terminal->disagreed() && !is_copied(*terminal)) fail(terminal->identity().device() + ": told to enrol anew");
      m_tally.carried += terminal->carried();
    }
  }

  void judge() {
    auto verdict = m_centre.instance().verify(std::nullopt);
    if (!verdict) return fail(verdict.error().text);
    if (!verdict->findings.empty()) return fail("the centre's store: " + verdict->findings.front());
    auto done = m_centre.store().read([&](central::Reader& in) -> record::Result<void> {
      auto devices = in.devices();
      if (!devices) return tl::unexpected(devices.error());
      auto aside = in.quarantined(0, k_all);
      if (!aside) return tl::unexpected(aside.error());
      auto complaints = in.complaints("", k_all);
      if (!complaints) return tl::unexpected(complaints.error());
      m_complaints.clear();
      for (const central::ComplaintRow& one : *complaints) m_complaints[one.number] = one.seq;
      for (const central::Device& device : *devices) {
        auto stored = in.events(device.id.str(), 0, k_all);
        if (!stored) return tl::unexpected(stored.error());
        std::erase_if(*aside, [&](const central::QuarantineRow& row) {
          return m_copy != nullptr && row.device == m_copy->identity().device();
        });
        judge_device(device, *stored);
      }
      if (!aside->empty()) fail(aside->front().device + ": an honest event is in quarantine: " + aside->front().why);
      return {};
    });
    if (!done) fail(done.error().text);
    for (const auto& terminal : m_terminals) judge_codes(*terminal);
  }

  void judge_device(const central::Device& device, const std::vector<central::EventRow>& stored) {
    std::vector<SimulatedTerminal*> owners;
    for (const auto& terminal : m_terminals) {
      if (terminal->identity().device() == device.id.str()) owners.push_back(terminal.get());
    }
    if (owners.empty()) {
      if (!stored.empty()) fail(device.id.str() + ": events that nobody made");
      return;
    }
    if (owners.size() > 1) return judge_copies(device, stored, owners);
    SimulatedTerminal& owner = *owners.front();
    if (device.state != central::DeviceState::active) {
      return fail(fmt::format("{}: an honest terminal is {}", device.id.str(), device_state_name(device.state)));
    }
    if (device.conflicts > 0 || device.quarantined > 0) return fail(device.id.str() + ": counts a conflict");
    const auto own = owner.events();
    if (!own) return fail(own.error().text);
    if (stored.size() != own->size()) {
      return fail(fmt::format("{}: made {} events, the centre has {}", device.id.str(), own->size(), stored.size()));
    }
    for (std::size_t n = 0; n < own->size(); n++) {
      const store::StoredEvent& mine = (*own)[n];
      if (stored[n].seq != mine.seq || stored[n].hash != mine.hash ||
          (!mine.bytes.empty() && stored[n].bytes != mine.bytes)) {
        return fail(fmt::format("{}: event {} is another one at the centre", device.id.str(), mine.seq));
      }
    }
    judge_numbers(owner, owner.given());
    m_tally.receipts += owner.given().size();
    m_tally.events += own->size();
    m_tally.purged += owner.purged();
  }

  void judge_copies(const central::Device& device, const std::vector<central::EventRow>& stored,
                    const std::vector<SimulatedTerminal*>& owners) {
    if (device.state != central::DeviceState::locked) {
      return fail(device.id.str() + ": nobody noticed that its disk was copied");
    }
    m_tally.copies_found++;
    std::set<record::Hash> made;
    for (SimulatedTerminal* owner : owners) {
      const auto own = owner->events();
      if (!own) return fail(own.error().text);
      for (const store::StoredEvent& one : *own) made.insert(one.hash);
    }
    std::set<record::Hash> kept;
    for (const central::EventRow& one : stored) {
      if (!made.contains(one.hash)) return fail(fmt::format("{}: event {} is nobody's", device.id.str(), one.seq));
      kept.insert(one.hash);
    }
    // What was given out before the copy was made is at the centre, or waits on the disk for a person's decision.
    const auto own = owners.front()->events();
    if (!own) return fail(own.error().text);
    for (const auto& [running, one] : m_before_copy) {
      const bool there =
          one.seq <= own->size() && (kept.contains((*own)[one.seq - 1].hash) || !(*own)[one.seq - 1].bytes.empty());
      if (!there) return fail(fmt::format("{}: receipt {} is nowhere any more", device.id.str(), running));
    }
  }

  void judge_numbers(const SimulatedTerminal& terminal, const std::map<std::uint32_t, Given>& given) {
    for (const auto& [running, one] : given) {
      const std::string number =
          record::TrackingNumber{terminal.identity().region, terminal.identity().terminal, running}.str();
      const auto found = m_complaints.find(number);
      if (found == m_complaints.end()) return fail("the receipt " + number + " never arrived");
      if (one.seq > 0 && found->second != one.seq)
        return fail("the receipt " + number + " is another complaint at the centre");
    }
  }

  /// People can follow their reports: the last code of a receipt opens its case.
  void judge_codes(const SimulatedTerminal& terminal) {
    if (is_copied(terminal) || terminal.given().empty()) return;
    const auto& [running, given] = *terminal.given().rbegin();
    if (given.code.empty()) return;
    const auto sight = m_centre.instance().look_at_code(given.code);
    if (!sight || sight->verdict != central::Verdict::known) {
      fail(fmt::format("{}: the code of receipt {} opens nothing", terminal.identity().device(), running));
    }
  }

  World m_world;
  const Scene& m_scene;
  FleetTally& m_tally;
  SimulatedCentre m_centre;
  SimulatedNetwork m_network;
  Courier m_courier;
  Line m_line;
  std::vector<std::unique_ptr<SimulatedTerminal>> m_terminals;
  SimulatedTerminal* m_copy = nullptr;
  std::map<std::uint32_t, Given> m_before_copy;
  std::map<std::string, std::uint64_t> m_complaints;
  std::uint64_t m_steps = 0;
  unsigned m_weather = 0;
  std::string m_failure;
};

}  // namespace

std::string run_fleet(const Scene& scene, std::uint64_t seed, FleetTally& tally) {
  return Fleet(scene, seed, tally).run();
}

}  // namespace anjungan::simulation
