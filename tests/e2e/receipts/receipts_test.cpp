// SPDX-License-Identifier: Apache-2.0
// Receipts are never lost: a terminal, a real cupsd, struk and a printer, under every fault in an order that a seed
// decides. Always the same one for 60 receipts, another each time where ANJUNGAN_RECEIPTS=N prints more;
// ANJUNGAN_SEED=N plays one order again (the clock still has its say).
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

#include "tests/e2e/receipts/evidence.h"
#include "tests/e2e/receipts/hall.h"

namespace anjungan::receipts {
namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = ::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Kept where the test failed.
class RunFolder {
 public:
  RunFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "anjungan-receipts-XXXXXX").string();
    m_path = ::mkdtemp(pattern.data());
    ::chmod(m_path.c_str(), 0755);  // the scheduler's user looks into it
  }
  ~RunFolder() {
    std::error_code ignored;
    if (!testing::Test::HasFailure()) std::filesystem::remove_all(m_path, ignored);
  }
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;
  [[nodiscard]] const std::string& path() const { return m_path; }

 private:
  std::string m_path;
};

void check(const Evidence& evidence, const std::vector<simulator::Sheet>& sheets, const std::string& folder,
           const std::map<std::string, std::string>& numbers) {
  for (const auto& [number, state] : numbers) {
    EXPECT_EQ(state, "printed") << number;
    const auto found = evidence.complete.find(number);
    if (found == evidence.complete.end()) {
      ADD_FAILURE() << number << ": no complete copy";
      continue;
    }
    std::set<int> marks;
    for (const Copy& copy : found->second) {
      EXPECT_TRUE(marks.insert(copy.mark).second) << number << ": twice with the mark " << copy.mark;
      const render::Bitmap& picture = sheets[copy.sheet].picture;
      EXPECT_EQ(has_bar(picture), copy.mark > 0) << number << ": sheet " << copy.sheet;
      const std::string png = fmt::format("{}/{}-{}.png", folder, number, copy.mark);
      EXPECT_EQ(qr_of(picture, png), text_of(folder + "/terminal/urls/" + number)) << png;
    }
  }
  for (const auto& [number, count] : evidence.unmarked) {
    EXPECT_LE(count, 1) << number << ": complete and unmarked twice";
    EXPECT_TRUE(numbers.count(number)) << number << " is on paper and not in the store";
  }
}

// For ./dev bench --long, as JSON lines, where ANJUNGAN_FIGURES names a file.
void write_figures(int receipts, int faults, std::size_t copies, const std::vector<Named>& named) {
  const char* path = ::getenv("ANJUNGAN_FIGURES");
  if (path == nullptr || testing::Test::HasFailure()) return;
  std::ofstream file(path);
  const auto figure = [&](const std::string& name, double value, const char* unit) {
    file << fmt::format(R"({{"name":"{}","value":{:.6g},"unit":"{}","op":null,"limit":null,"holds":null}})", name,
                        value, unit)
         << "\n";
  };
  figure(fmt::format("{} receipts under random faults: faults", receipts), faults, "faults");
  figure("each number complete, none twice unmarked, each QR read: complete copies", static_cast<double>(copies),
         "copies");
  figure("fault to its name on the screen, median", named[named.size() / 2].ms, "ms");
  figure("fault to its name on the screen, slowest", named.back().ms, "ms");
}

TEST(Receipts, AreNeverLostAndNeverTwiceUnmarked) {
  const int receipts = static_cast<int>(number_from("ANJUNGAN_RECEIPTS", 60));
  const std::uint64_t usual_seed = receipts == 60 ? 42 : std::random_device()();
  const std::uint64_t seed = number_from("ANJUNGAN_SEED", usual_seed);
  const RunFolder folder;
  const auto begin = Clock::now();
  SCOPED_TRACE(
      fmt::format("again with ANJUNGAN_SEED={} ANJUNGAN_RECEIPTS={}; the run is in {}", seed, receipts, folder.path()));
  const Plan plan = receipts::plan(seed, 1 + receipts / 60);
  fmt::print("seed {}: a printer with a buffer of {} bytes that tells {} by itself\n", seed, plan.printer.buffer,
             plan.printer.automatic ? "of faults" : "nothing");
  Hall hall(folder.path(), plan.printer);
  int issued = 0;
  int faults = 0;
  for (const Act& act : plan.acts) {
    if (issued >= receipts || testing::Test::HasFailure()) break;
    issued += hall.play(act, receipts - issued);
    faults++;
  }
  for (; issued < receipts; issued++) hall.issue();
  ASSERT_TRUE(hall.drain()) << "it does not come to an end";

  const auto numbers = [&] {
    hall.terminal().order("numbers");
    EXPECT_TRUE(hall.terminal().await([](const Said& said) { return said.numbers_end; }));
    return static_cast<int>(hall.terminal().said().numbers.size());
  };
  // An order that came to a terminal just after its end was taken by nobody.
  const int taken = numbers();
  EXPECT_GE(taken, receipts - hall.terminal().said().lives);
  if (taken < receipts) {
    for (int missing = receipts - taken; missing > 0; missing--) hall.issue();
    ASSERT_TRUE(hall.drain()) << "it does not come to an end";
    numbers();
  }
  const Said said = hall.terminal().said();
  EXPECT_EQ(said.numbers.size(), static_cast<std::size_t>(receipts));
  for (const std::string& number : said.issued) EXPECT_TRUE(said.numbers.count(number)) << number << " is lost";
  const auto sheets = hall.sheets();
  const Evidence evidence = judge(sheets, folder.path() + "/terminal");
  check(evidence, sheets, folder.path(), said.numbers);

  std::size_t copies = 0;
  for (const auto& [number, all] : evidence.complete) copies += all.size();
  std::vector<Named> named = hall.named();
  std::sort(named.begin(), named.end(), [](const Named& a, const Named& b) { return a.ms < b.ms; });
  ASSERT_FALSE(named.empty());
  fmt::print(
      "{} receipts under {} faults in {:.0f} s: {} complete copies, {} broken sheets, {} lives of the terminal\n",
      receipts, faults, std::chrono::duration<double>(Clock::now() - begin).count(), copies, evidence.broken,
      said.lives);
  fmt::print("{} faults named on the screen after {:.0f} ms in the middle, {:.0f} ms at most ({})\n", named.size(),
             named[named.size() / 2].ms, named.back().ms, named.back().fault);
  write_figures(receipts, faults, copies, named);
}

}  // namespace
}  // namespace anjungan::receipts
