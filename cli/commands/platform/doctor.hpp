#pragma once
// The checks of `doctor`. Each part adds its findings and continues: one broken thing must not hide
// another. Nothing is changed.

#include <string>
#include <vector>

#include "cli/context.hpp"
#include "core/platform/base/diagnosis.hpp"

namespace devy::cli {

using base::Diagnosis;
using base::Health;
[[nodiscard]] std::string_view to_string(Health health);

// Everything that is wrong with the settings and with what they name: for `config check`, too.
[[nodiscard]] std::vector<config::Problem> all_problems(Context& context);

// Checks settings, folders, files and libraries of this machine.
void examine_machine(Context& context, std::vector<Diagnosis>& diagnoses);
// Checks GitHub's API, where a credential for it is configured.
void examine_github(const config::Config& config, std::vector<Diagnosis>& diagnoses);
// Checks the role web: its address and its files.
void examine_web(const config::Config& config, std::vector<Diagnosis>& diagnoses);
// Checks the database and the state of its uploads. Adds one problem when it cannot be opened.
void examine_database(Context& context, std::vector<Diagnosis>& diagnoses);

}  // namespace devy::cli
