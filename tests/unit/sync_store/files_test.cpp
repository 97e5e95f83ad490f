// SPDX-License-Identifier: Apache-2.0
#include "sync/store/files.h"

#include <gtest/gtest.h>

#include "sync/store/doorbell.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::store {
namespace {

TEST(Files, AFileIsWholeOrAbsent) {
  TerminalFolder terminal;
  const std::string path = terminal.root + "/one";
  ASSERT_TRUE(write_file(path, record::view_of("first"), 0600));
  ASSERT_TRUE(write_file(path, record::view_of("second"), 0600));
  EXPECT_EQ(record::to_text(*read_file(path, 100)), "second");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
  EXPECT_EQ(read_file(path, 3).error().kind, record::ErrorKind::invalid);
  EXPECT_EQ(read_file(path + "x", 3).error().kind, record::ErrorKind::not_found);
}

TEST(Identity, ComesBackAndItsAbsenceIsNamed) {
  TerminalFolder terminal;
  EXPECT_EQ(load_identity(terminal.data()).error().kind, record::ErrorKind::not_found);
  terminal.identity.key_manifest = {1, 2, 3};
  ASSERT_TRUE(save_identity(terminal.data(), terminal.identity));
  auto read = load_identity(terminal.data());
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->device(), "3273-0012");
  EXPECT_EQ(read->seal_to, terminal.identity.seal_to);
  EXPECT_EQ(read->key_manifest, terminal.identity.key_manifest);
  ASSERT_TRUE(write_file(terminal.data() + "/keys/identity.json", record::view_of("{\"region\":"), 0600));
  EXPECT_EQ(load_identity(terminal.data()).error().kind, record::ErrorKind::corrupt);
}

TEST(Identity, AKeyIsMadeOnce) {
  TerminalFolder terminal;
  EXPECT_FALSE(load_key(terminal.data(), KeyUse::device));
  auto first = load_or_make_key(terminal.data(), KeyUse::device);
  auto second = load_or_make_key(terminal.data(), KeyUse::device);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->public_key(), second->public_key());
  EXPECT_NE(load_or_make_key(terminal.data(), KeyUse::receipt)->public_key(), first->public_key());
}

TEST(RuntimeKey, OpensItsOwnContextAlone) {
  TerminalFolder terminal;
  auto key = RuntimeKey::load_or_make(terminal.runtime());
  ASSERT_TRUE(key);
  const record::Bytes sealed = key->encrypt(record::view_of("text"), "print:1:0");
  EXPECT_EQ(record::to_text(*key->decrypt(sealed, "print:1:0")), "text");
  EXPECT_FALSE(key->decrypt(sealed, "print:2:0"));
  auto same = RuntimeKey::load_or_make(terminal.runtime());
  ASSERT_TRUE(same);
  EXPECT_TRUE(same->decrypt(sealed, "print:1:0"));
}

TEST(Doorbell, RingsOnceForManyRings) {
  TerminalFolder terminal;
  const std::string path = terminal.root + "/bell.sock";
  ring(path);  // nobody at home
  auto bell = Doorbell::hang(path);
  ASSERT_TRUE(bell) << bell.error().text;
  EXPECT_FALSE(bell->wait(0));
  ring(path);
  ring(path);
  EXPECT_TRUE(bell->wait(5'000));
  EXPECT_FALSE(bell->answer());
  EXPECT_FALSE(Doorbell::hang(std::string(200, 'x')));
}

}  // namespace
}  // namespace anjungan::store
