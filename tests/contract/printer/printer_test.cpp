// SPDX-License-Identifier: Apache-2.0
// What every printer keeps, whatever it is.
#include "tests/contract/printer/bench.h"

namespace anjungan::spool {
namespace {

struct Kind {
  const char* name;
  std::unique_ptr<PrinterBench> (*make)();
};

class PrinterContract : public testing::TestWithParam<Kind> {
 protected:
  std::unique_ptr<PrinterBench> bench = GetParam().make();
  std::unique_ptr<Printer> printer = bench->open();
};

TEST_P(PrinterContract, FollowsAJobToAnHonestEnd) {
  const auto handle = printer->submit(receipt_titled("3273-0012-000427-5"));
  ASSERT_TRUE(handle) << handle.error().text;
  const JobView end = end_of(*printer, *handle);
  EXPECT_EQ(end.state, bench->best()) << end.reason;
  EXPECT_EQ(end.reason, "");
}

TEST_P(PrinterContract, TheEndStaysTheEnd) {
  const auto handle = printer->submit(receipt_titled("one"));
  ASSERT_TRUE(handle) << handle.error().text;
  EXPECT_EQ(end_of(*printer, *handle).state, bench->best());
  const auto again = bench->open();  // the program was started anew
  EXPECT_EQ(again->poll(*handle).state, bench->best());
}

TEST_P(PrinterContract, FindsAJobByItsTitle) {
  const auto nobody = printer->find("one", 1);
  ASSERT_TRUE(nobody);
  EXPECT_FALSE(nobody->has_value());
  const auto handle = printer->submit(receipt_titled("one"));
  ASSERT_TRUE(handle) << handle.error().text;
  static_cast<void>(end_of(*printer, *handle));
  const auto found = printer->find("one", 1);
  ASSERT_TRUE(found);
  ASSERT_TRUE(found->has_value());
  EXPECT_EQ(**found, *handle);
  const auto other = printer->find("two", 1);
  ASSERT_TRUE(other);
  EXPECT_FALSE(other->has_value());
}

TEST_P(PrinterContract, AnyTitleIsOnlyAName) {
  for (const std::string& title :
       {std::string("../../etc/passwd"), std::string(10'000, 'x'), std::string("a\0b\x1b@\x10\x04\n'\"$(id)", 15),
        std::string("\xf0\x9f\x96\xa8 \xe2\x80\xae\xff\xfe"), std::string("-h evil"), std::string(" ")}) {
    const auto handle = printer->submit(receipt_titled(title));
    ASSERT_TRUE(handle) << title.substr(0, 20) << ": " << handle.error().text;
    EXPECT_EQ(end_of(*printer, *handle).state, bench->best());
    const auto found = printer->find(title, 1);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->has_value());
  }
}

TEST_P(PrinterContract, AHandleThatNobodyGaveIsUnknown) {
  for (const char* handle : {"", "7", "x", "7 ", "999999 urn:uuid:0", "../x", "99999999999999999999 y"}) {
    EXPECT_EQ(end_of(*printer, handle).state, JobState::unknown) << handle;
  }
}

TEST_P(PrinterContract, TakesNothingWhileItCannotPrint) {
  ASSERT_TRUE(printer->view().usable()) << printer->view().detail;
  const Condition why = bench->block();
  EXPECT_EQ(printer->view().condition, why);
  const auto refused = printer->submit(receipt_titled("one"));
  ASSERT_FALSE(refused);
  EXPECT_STREQ(error_keyword(refused.error().kind), condition_name(why));
  const auto found = printer->find("one", 1);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->has_value());
  bench->unblock();
  EXPECT_EQ(printer->view().condition, Condition::ready);
  const auto handle = printer->submit(receipt_titled("one", 2));
  ASSERT_TRUE(handle) << handle.error().text;
  EXPECT_EQ(end_of(*printer, *handle).state, bench->best());
}

INSTANTIATE_TEST_SUITE_P(Each, PrinterContract,
                         testing::Values(Kind{"virtual", [] { return virtual_bench(); }},
                                         Kind{"cups", [] { return cups_bench(false); }},
                                         Kind{"cups_of_a_plain_user", [] { return cups_bench(true); }}),
                         [](const auto& kind) { return std::string(kind.param.name); });

}  // namespace
}  // namespace anjungan::spool
