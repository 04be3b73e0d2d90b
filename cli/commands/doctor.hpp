#pragma once
// What `doctor` looks at. Each part adds its findings and goes on: one thing that is broken must
// not hide another. Nothing is changed.

#include <string>
#include <vector>

#include "cli/context.hpp"

namespace devy::cli {

enum class Verdict { ok, warning, problem };
[[nodiscard]] std::string_view to_string(Verdict verdict);

struct Diagnosis {
  std::string check;  // stable name: "token_file"
  Verdict verdict = Verdict::ok;
  std::string message;
  std::string hint;  // never empty unless ok
};

// Settings, folders, files and libraries of this machine.
void examine_machine(Context& context, std::vector<Diagnosis>& diagnoses);
// GitHub's API, where there is a credential for it.
void examine_github(const config::Config& config, std::vector<Diagnosis>& diagnoses);
// The database, and what it says about uploads. Adds one problem when it cannot be opened.
void examine_database(Context& context, std::vector<Diagnosis>& diagnoses);

}  // namespace devy::cli
