// SPDX-License-Identifier: Apache-2.0
// The nearest thing off the shelf: express-pouchdb on LevelDB (pouch.js), which takes documents in batches over HTTP.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/central/http.h"

namespace anjungan::bench {

class Pouch {
 public:
  /// Starts it in `folder`; documents hold a text of `bytes`. Needs node, ANJUNGAN_POUCH (pouch.js) and
  /// ANJUNGAN_NODE_MODULES.
  Pouch(const std::string& folder, std::size_t bytes);
  ~Pouch();
  Pouch(const Pouch&) = delete;
  Pouch& operator=(const Pouch&) = delete;

  /// Documents a second: as CentreProgram::deliver, each batch a _bulk_docs whose every document was taken.
  double deliver(std::size_t batches, std::size_t documents);
  [[nodiscard]] pid_t pid() const { return m_child; }

 private:
  std::string batch(std::size_t documents);

  std::size_t m_bytes;
  pid_t m_child = -1;
  int m_input = -1;  ///< it ends when this closes
  unsigned short m_port = 0;
  std::uint64_t m_documents = 0;
  std::vector<std::unique_ptr<HttpConnection>> m_connections;
};

}  // namespace anjungan::bench
