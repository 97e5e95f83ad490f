// SPDX-License-Identifier: Apache-2.0
// What the doctors say, and the list they write it on.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace anjungan::ctl {

enum class Health { good, worth_a_look, broken };

// What one check found. Everything but `good` comes with what to do.
struct Finding {
  std::string subject;  // "disk", "clock", "centre", ...
  Health health = Health::good;
  std::string text;
  std::string remedy;
};

class Findings {
 protected:
  void good(std::string subject, std::string text) {
    m_findings.push_back({std::move(subject), Health::good, std::move(text), {}});
  }
  void look(std::string subject, std::string text, std::string remedy) {
    m_findings.push_back({std::move(subject), Health::worth_a_look, std::move(text), std::move(remedy)});
  }
  void broken(std::string subject, std::string text, std::string remedy) {
    m_findings.push_back({std::move(subject), Health::broken, std::move(text), std::move(remedy)});
  }

  std::vector<Finding> m_findings;
};

}  // namespace anjungan::ctl
