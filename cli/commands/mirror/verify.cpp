#include "core/mirror/verify/verify.hpp"

#include "cli/commands/mirror/repair_wait.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/confirm.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/mirror/scan/load.hpp"
#include "core/platform/base/count_text.hpp"
#include "core/platform/base/safe_text.hpp"

// `mirror verify`: are the rows what GitHub has? With --repair, have what differs fetched.

namespace devy::cli {
namespace {

using verify::Drift;
using verify::DriftKind;
using verify::Verification;

struct VerifiedMirror {
  Verification found;  // after the repair, where one was waited for
  std::optional<Repairs> repairs;
};

// One run: its options, and the results of all repositories so far.
struct MirrorVerify {
  std::optional<int> sample;
  bool wants_repair = false;
  std::optional<WaitOptions> waiting;

  Json documents = Json::array();
  std::size_t unverified = 0;
  bool is_drifted = false, is_timed_out = false;
};

Json drift_json(const Verification& found, const Drift& drift) {
  auto json = Json::object({{"relation", drift.relation},
                            {"id", drift.id},
                            {"number", drift.number},
                            {"target", target_of(found, drift)}});
  if (drift.kind == DriftKind::different) json.set("fields", drift.fields);
  return json;
}

Json verified_json(const VerifiedMirror& verified) {
  const auto& found = verified.found;
  const auto all = [&](DriftKind kind) {
    auto array = Json::array();
    for (const auto& drift : found.drift)
      if (drift.kind == kind) array.push(drift_json(found, drift));
    return array;
  };
  return Json::object({{"repository", found.repository},
                       {"ok", found.is_ok()},
                       {"requests", found.requests},
                       {"compared", found.compared},
                       {"missing", all(DriftKind::missing)},
                       {"extra", all(DriftKind::extra)},
                       {"different", all(DriftKind::different)},
                       {"is_cut", found.is_cut},
                       {"unsettled", found.unsettled},
                       {"left_out", found.left_out},
                       {"repairs", verified.repairs ? Json(verified.repairs->targets) : Json()}});
}

void print_drift(Context& context, const Verification& found) {
  auto& out = context.out();
  const auto line = [&](DriftKind kind, const char* word) {
    for (const auto& drift : found.drift) {
      if (drift.kind != kind) continue;
      out << "  " << word << ' ' << base::safe_text(target_of(found, drift));
      const char* before = ": ";
      for (const auto& field : drift.fields) {
        out << before << field;
        before = ", ";
      }
      out << '\n';
    }
  };
  line(DriftKind::missing, "missing  ");
  line(DriftKind::extra, "extra    ");
  line(DriftKind::different, "different");
  if (found.is_cut) out << "  and more, which are not listed\n";
}

void print_verified(Context& context, const Verification& found) {
  const bool is_colored = context.terminal().is_out_colored;
  auto& out = context.out();
  out << found.repository << ' '
      << (found.is_ok() ? paint("ok", Color::green, is_colored)
                        : paint("drifted", Color::red, is_colored))
      << ' ' << found.compared << " compared, " << found.unsettled << " unsettled, "
      << base::count_text(static_cast<std::size_t>(found.requests), "request") << '\n';
  print_drift(context, found);
  for (const auto& list : found.left_out)
    out << "  left out  " << list << ", which GitHub does not show\n";
}

verify::Watch watch(Context& context, ProgressLine& progress, const std::string& repository) {
  verify::Watch watch;
  watch.check = [&context] { context.check_stop(); };
  watch.on_progress = [&progress, repository](std::string_view list, std::int64_t compared) {
    progress.show(repository + ": comparing" + (list.empty() ? "" : " " + std::string(list)),
                  std::to_string(compared));
  };
  return watch;
}

VerifiedMirror verify_mirror(Context& context, verify::Verifier& verifier,
                             const mirror::Repository& repository, const MirrorVerify& run) {
  VerifiedMirror verified;
  ProgressLine progress(context);
  verified.found =
      verifier.verify(repository, run.sample, watch(context, progress, repository.full_name));
  progress.clear();
  if (verified.found.is_ok() || !run.wants_repair) return verified;
  const auto count = base::count_text(verified.found.drift.size(), "thing");
  if (context.is_dry_run()) {
    if (!context.is_json()) context.would("fetch " + count + " of " + repository.full_name);
    return verified;
  }
  if (run.waiting && !context.is_json()) print_verified(context, verified.found);
  context.say("fetching " + count + " of " + repository.full_name);
  verified.repairs = repair_mirror(context, repository, verified.found, run.waiting);
  if (!verified.repairs->is_over) return verified;
  const auto before = verified.found;
  verified.found =
      verifier.verify_again(repository, before, watch(context, progress, repository.full_name));
  verified.found.requests += before.requests;
  verified.found.compared = before.compared;
  return verified;
}

// With --all an error about one repository keeps none of the others from being verified.
bool is_about_repository(const base::Error& error) {
  return !error.code().starts_with("database") && error.kind() != base::ErrorKind::stopped &&
         error.code() != "rate_limited";
}

void verify_next(Context& context, verify::Verifier& verifier, const mirror::Repository& repository,
                 bool is_alone, MirrorVerify& run) {
  try {
    const auto verified = verify_mirror(context, verifier, repository, run);
    run.is_drifted |= !verified.found.is_ok();
    run.is_timed_out |= run.waiting && verified.repairs && !verified.repairs->is_over;
    if (context.is_json()) run.documents.push(verified_json(verified));
    else print_verified(context, verified.found);
  } catch (const base::Error& error) {
    if (is_alone || !is_about_repository(error)) throw;
    print_error(context.terminal(), error);
    ++run.unverified;
  }
}

std::vector<mirror::Repository> mirrors_to_verify(Context& context, const Arguments& arguments) {
  if (arguments.has("all") == arguments.has("repository"))
    throw base::Error(base::ErrorKind::usage, "unable to tell what to verify",
                      "Name a repository (owner/name), or say --all.");
  if (arguments.has("all")) return mirror::list_repositories(context.database());
  const auto name = arguments.required("repository");
  const auto repository = mirror::find_repository(context.database(), name);
  if (!repository || !repository->is_mirrored)
    throw base::Error(base::ErrorKind::not_found, "'" + name + "' is not mirrored",
                      "`devy-upload mirror list` shows what is mirrored, `mirror add` adds one.");
  return {*repository};
}

int run_mirror_verify(Context& context, const Arguments& arguments) {
  scan::require_mirror(context.config());
  MirrorVerify run;
  if (const auto sample = arguments.number("sample")) run.sample = static_cast<int>(*sample);
  run.wants_repair = arguments.has("repair");
  run.waiting = wait_options(arguments);
  if (run.waiting && !run.wants_repair)
    throw base::Error(base::ErrorKind::usage, "there is nothing to wait for without --repair",
                      "Leave --wait and --here out, or add --repair.");
  const auto repositories = mirrors_to_verify(context, arguments);
  if (run.wants_repair && arguments.has("all") && !context.is_dry_run()) {
    Act act{"fetch what drifted of", repositories.size(), "mirror", {}};
    for (const auto& repository : repositories)
      act.examples.push_back(repository.full_name);
    confirm(context, act);
  }
  const auto print_documents = [&] {
    if (context.is_json())
      print_json(context.out(), Json::object({{"repositories", run.documents}}));
  };
  verify::Verifier verifier(context.database(), context.config(), context.clock());
  for (const auto& repository : repositories) {
    context.check_stop();
    try {
      verify_next(context, verifier, repository, !arguments.has("all"), run);
    } catch (const base::Error&) {
      if (run.documents.size() > 0) print_documents();
      throw;
    }
  }
  if (repositories.empty()) context.say("nothing is mirrored");
  print_documents();
  if (run.is_timed_out) return exit_timed_out;
  if (run.is_drifted) return exit_problems_found;
  if (run.unverified == 0) return exit_ok;
  return run.unverified == repositories.size() ? exit_failed : exit_partly_done;
}

}  // namespace

const Command& mirror_verify_command() {
  static const Command command{
      .name = "mirror verify",
      .summary = "compare the rows of a repository with GitHub",
      .help =
          "Labels, milestones, issues, pull requests and, for administrators, webhooks are read "
          "and compared; nothing is written. What differs is asked for once more by itself before "
          "it counts. Details and files of pull requests are not compared. Drift ends with 10. "
          "--repair fetches what drifted; with --wait or --here it is compared again after that. "
          "With --all it asks first.",
      .examples = {"devy-upload mirror verify alice/notes",
                   "devy-upload mirror verify --all --sample 20",
                   "devy-upload mirror verify alice/notes --repair --here"},
      .positionals = {{.name = "repository", .help = "owner/name", .is_optional = true}},
      .options = {{.name = "all", .help = "every mirrored repository"},
                  {.name = "sample",
                   .value = "N",
                   .help = "only so many rows, at random: a request each",
                   .kind = ValueKind::number,
                   .least = 1,
                   .most = 1000},
                  {.name = "repair", .help = "fetch what drifted"},
                  wait_option(),
                  here_option()},
      .run = run_mirror_verify};
  return command;
}

}  // namespace devy::cli
