#include "cli/commands/files/shown_file.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/files/comparison/comparison.hpp"
#include "core/platform/base/hex.hpp"

// `file verify`: whether rows and bytes are equal.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;
using comparison::Findings;

Json missing_json(const files::Content& content) {
  return Json::object(
      {{"sha256", base::to_hex(content.sha256)}, {"size", content.size}, {"files", content.files}});
}

Json extra_json(const storage::Disk::Found& found) {
  return Json::object({{"place", found.place}, {"size", found.size}});
}

Json different_json(const comparison::Different& different) {
  return Json::object(
      {{"sha256", base::to_hex(different.content.sha256)},
       {"found_size", different.found_size},
       {"found_sha256",
        different.found_sha256 ? Json(base::to_hex(*different.found_sha256)) : Json(nullptr)}});
}

Json quota_json(const files::WrongQuota& quota) {
  const auto sums = [](std::int64_t bytes, std::int64_t files) {
    return Json::object({{"bytes", bytes}, {"files", files}});
  };
  return Json::object({{"owner", quota.owner},
                       {"recorded", sums(quota.recorded_bytes, quota.recorded_files)},
                       {"counted", sums(quota.counted_bytes, quota.counted_files)}});
}

Json findings_json(const Findings& findings) {
  return Json::object({{"contents", findings.contents},
                       {"bytes", findings.bytes},
                       {"ok", findings.ok},
                       {"missing", json_array(findings.missing, missing_json)},
                       {"extra", json_array(findings.extra, extra_json)},
                       {"different", json_array(findings.different, different_json)},
                       {"quotas", json_array(findings.quotas, quota_json)},
                       {"staging", findings.staging}});
}

void print_findings(Context& context, const Findings& findings) {
  auto& out = context.out();
  for (const auto& content : findings.missing)
    out << "missing    " << base::to_hex(content.sha256) << ", " << content.files << " files\n";
  for (const auto& different : findings.different)
    out << "different  " << base::to_hex(different.content.sha256) << '\n';
  for (const auto& found : findings.extra)
    out << "extra      " << found.place << '\n';
  for (const auto& quota : findings.quotas)
    out << "quota      " << quota.owner << ": " << quota.recorded_bytes << " bytes recorded, "
        << quota.counted_bytes << " counted\n";
  for (const auto& name : findings.staging)
    out << "staging    " << name << ", which nobody receives\n";
  context.say(std::to_string(findings.ok) + " of " + std::to_string(findings.contents) +
              " contents are right, " + size_text(static_cast<std::int64_t>(findings.bytes)));
}

int run_file_verify(Context& context, const Arguments& arguments) {
  comparison::Request request;
  request.node = context.config().files.node;
  request.reads_content = arguments.has("content");
  if (const auto id = arguments.text("id")) {
    if (arguments.has("all"))
      throw Error(ErrorKind::usage, "an id and --all contradict each other", "Give one of them.");
    const auto file = required_file(context, *id);
    if (!file.sha256)
      throw Error(ErrorKind::conflict, "the file is " + file.state + ", and has no bytes",
                  "`devy-upload file show` says more.", "not_ready");
    request.only = file.sha256;
  } else if (!arguments.has("all")) {
    throw Error(ErrorKind::usage, "missing argument: <id>", "Give a file's id, or --all.");
  }
  const auto disk = disk_of_node(context);
  const auto& s3_settings = context.config().files.s3;
  std::unique_ptr<s3::Client> client;
  if (!s3_settings.endpoint.empty()) client = s3::make_client(s3_settings);
  request.s3 = client.get();
  request.s3_settings = &s3_settings;
  const auto findings = comparison::verify(context.database(), *disk, request);
  if (arguments.has("repair") && !context.is_dry_run())
    comparison::repair(context.database(), *disk, request.node, findings);
  if (context.is_json()) print_json(context.out(), findings_json(findings));
  else print_findings(context, findings);
  return findings.is_clean() ? exit_ok : exit_problems_found;
}

}  // namespace

const Command& file_verify_command() {
  static const Command command{
      .name = "file verify",
      .summary = "compare files with the bytes on this machine and in S3",
      .help =
          "Each content has to be there with its size, and nothing else; sums of owners have to be "
          "those of their files. Differences end with 10. --content reads all bytes. --repair puts "
          "aside what no row knows, into the folder quarantine, and sets sums; bytes that are "
          "missing or different only an upload of the same file mends.",
      .examples = {"devy-upload file verify --all --content"},
      .positionals = {{.name = "id", .help = "one file", .is_optional = true}},
      .options = {{.name = "all", .help = "every content"},
                  {.name = "content", .help = "read the bytes, and compare their digests"},
                  {.name = "repair", .help = "put aside what is extra, and set sums"}},
      .run = run_file_verify};
  return command;
}

}  // namespace devy::cli
