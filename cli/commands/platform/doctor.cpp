#include "cli/commands/platform/doctor.hpp"

#include <algorithm>

#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/base/safe_text.hpp"

namespace devy::cli {
namespace {

constexpr std::size_t text_bytes_max = 2'048;

Json diagnosis_json(const Diagnosis& diagnosis) {
  return Json::object({{"check", diagnosis.check},
                       {"status", to_string(diagnosis.health)},
                       {"message", diagnosis.message},
                       {"hint", diagnosis.hint.empty() ? Json() : Json(diagnosis.hint)}});
}

Color color_of(Health health) {
  switch (health) {
    case Health::ok: return Color::green;
    case Health::warning: return Color::yellow;
    case Health::problem: return Color::red;
  }
  return Color::none;
}

// A file that cannot be used is found by whoever looks at the settings, and again by whoever would
// use it.
void remove_repeated(std::vector<Diagnosis>& diagnoses) {
  for (auto later = diagnoses.begin(); later != diagnoses.end();) {
    const auto is_same = [&](const Diagnosis& earlier) {
      return earlier.health != Health::ok && earlier.message.ends_with(later->message);
    };
    const bool is_repeated =
        later->health != Health::ok && std::any_of(diagnoses.begin(), later, is_same);
    later = is_repeated ? diagnoses.erase(later) : std::next(later);
  }
}

int run_doctor(Context& context, const Arguments&) {
  std::vector<Diagnosis> diagnoses;
  examine_machine(context, diagnoses);
  examine_github(context.loaded().config, diagnoses);
  examine_web(context.loaded().config, diagnoses);
  examine_database(context, diagnoses);
  remove_repeated(diagnoses);
  const bool has_problem = std::any_of(diagnoses.begin(), diagnoses.end(), [](const auto& found) {
    return found.health == Health::problem;
  });
  const int status = has_problem ? exit_problems_found : exit_ok;
  if (context.is_json()) {
    print_json(context.out(), json_array(diagnoses, diagnosis_json));
    return status;
  }
  for (const auto& found : diagnoses) {
    context.out() << paint(to_string(found.health), color_of(found.health),
                           context.terminal().is_out_colored)
                  << ": " << found.check << ": " << base::safe_text(found.message, text_bytes_max)
                  << '\n';
    if (!found.hint.empty())
      context.out() << "  hint: " << base::safe_text(found.hint, text_bytes_max) << '\n';
  }
  return status;
}

}  // namespace

std::string_view to_string(Health health) {
  switch (health) {
    case Health::ok: return "ok";
    case Health::warning: return "warning";
    case Health::problem: return "problem";
  }
  return "";
}

const Command& doctor_command() {
  static const Command command{
      .name = "doctor",
      .summary = "look for what is wrong, with a hint for each thing found",
      .help =
          "Looks at the configuration, this machine, GitHub's API where there is a credential for "
          "it, the database, the uploads, how far tokens and webhook secrets reach, and the "
          "mirror; "
          "changes nothing. Ends with 10 when it found a "
          "problem; warnings alone are no reason.",
      .run = run_doctor};
  return command;
}

}  // namespace devy::cli
