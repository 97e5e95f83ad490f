// SPDX-License-Identifier: Apache-2.0
// The parts of bench_central. Each prints its figures.
#pragma once

#include <string>

#include "tests/bench/central/centre_program.h"

namespace anjungan::bench {

/// Durably acknowledged events a second over HTTP, on SQLite and on PostgreSQL, beside bare single-row SQLite commits
/// and pgbench on the same disk, interleaved; and how often the disk is asked to confirm for it.
void measure_rates(const std::string& folder, const Programs& programs, int rounds);
/// A country's terminals that come back at once while a phone follows its receipt.
void measure_herd(const std::string& folder, const Programs& programs);
/// What an event costs when few and when `many` are stored, interleaved.
void measure_growth(const std::string& folder, const Programs& programs, std::size_t many);

}  // namespace anjungan::bench
