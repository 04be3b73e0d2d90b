#include "cli/commands/files/shown_file.hpp"
#include "cli/commands/queue/audited.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/line/limit_option.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/files/store/owner_store.hpp"
#include "core/files/store/receive_store.hpp"

// `file quota`, `file block` and `file unblock`.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

files::Owner shown_owner(Context& context, const Arguments& arguments) {
  if (!arguments.has("owner"))
    throw Error(ErrorKind::usage, "missing argument: <owner>",
                "Give an account, or a user of GitHub who has files.");
  const auto name = arguments.required("owner");
  const auto id = files::find_named_owner(context.database(), name);
  auto owner = id ? files::find_owner_row(context.database(), *id) : std::nullopt;
  if (!owner)
    throw Error(ErrorKind::not_found, "there is no account '" + name + "', and no owner of files",
                "`devy-upload file quota list` shows who has files.");
  return *std::move(owner);
}

Json owner_json(Context& context, const files::Owner& owner) {
  const auto& settings = context.config().files;
  return Json::object(
      {{"owner", owner.login},
       {"bytes", owner.bytes},
       {"bytes_max", owner.bytes_max.value_or(static_cast<std::int64_t>(settings.owner_bytes_max))},
       {"files", owner.files},
       {"files_max", owner.files_max.value_or(static_cast<std::int64_t>(settings.owner_files_max))},
       {"is_own", owner.bytes_max.has_value() || owner.files_max.has_value()},
       {"blocked_at", owner.blocked_at},
       {"blocked_reason",
        owner.blocked_reason.empty() ? Json(nullptr) : Json(owner.blocked_reason)}});
}

void print_owners(Context& context, const std::vector<files::Owner>& owners) {
  const auto& settings = context.config().files;
  Table table({{.title = "OWNER", .is_elastic = true},
               {.title = "SIZE", .align = Align::right},
               {.title = "AT MOST", .align = Align::right},
               {.title = "FILES", .align = Align::right},
               {.title = "AT MOST", .align = Align::right},
               {"BLOCKED"}});
  for (const auto& owner : owners)
    table.add(
        {owner.login, size_text(owner.bytes),
         size_text(owner.bytes_max.value_or(static_cast<std::int64_t>(settings.owner_bytes_max))),
         std::to_string(owner.files),
         std::to_string(owner.files_max.value_or(settings.owner_files_max)),
         owner.blocked_at ? context.time_text(owner.blocked_at) : "-"});
  if (table.empty()) context.say("nobody has files");
  else table.print(context.terminal());
}

int print_owner(Context& context, const files::Owner& owner) {
  if (context.is_json()) print_json(context.out(), owner_json(context, owner));
  else print_owners(context, {owner});
  return exit_ok;
}

int list_quotas(Context& context, const Arguments& arguments) {
  const auto owners = files::list_owners(context.database(),
                                         static_cast<int>(arguments.number("limit").value_or(50)));
  if (context.is_json())
    print_json(context.out(), json_array(owners, [&](const files::Owner& owner) {
                 return owner_json(context, owner);
               }));
  else print_owners(context, owners);
  return exit_ok;
}

int show_quota(Context& context, const Arguments& arguments) {
  return print_owner(context, shown_owner(context, arguments));
}

int set_owner_quota(Context& context, const Arguments& arguments) {
  const bool is_default = arguments.has("default");
  const auto bytes = arguments.number("bytes"), count = arguments.number("files");
  if (is_default == (bytes || count))
    throw Error(ErrorKind::usage, "missing option: --bytes, --files or --default",
                "Give the limits that are to be his own, or --default for the configured ones.");
  const auto owner = shown_owner(context, arguments);
  if (context.is_dry_run()) {
    context.would("set the limits of '" + owner.login + "'");
    return exit_ok;
  }
  auto& connection = context.database();
  audited(context.who(), connection, {"file.quota", owner.login}, [&] {
    if (is_default) files::set_quota(connection, owner.id, std::nullopt, std::nullopt);
    else
      files::set_quota(connection, owner.id, bytes ? bytes : owner.bytes_max,
                       count ? count : owner.files_max);
  });
  return print_owner(context, shown_owner(context, arguments));
}

int run_quota(Context& context, const Arguments& arguments) {
  const auto act = arguments.required("act");
  const bool has_limits =
      arguments.has("bytes") || arguments.has("files") || arguments.has("default");
  if (has_limits && act != "set")
    throw Error(ErrorKind::usage, "unable to " + act + " with new limits",
                "Say `file quota set OWNER`.");
  if (act == "list" && arguments.has("owner"))
    throw Error(ErrorKind::usage, "unable to list one owner", "Say `file quota show OWNER`.");
  if (act == "list") return list_quotas(context, arguments);
  return act == "show" ? show_quota(context, arguments) : set_owner_quota(context, arguments);
}

int block(Context& context, const Arguments& arguments, bool is_blocked) {
  const auto owner = shown_owner(context, arguments);
  if (context.is_dry_run()) {
    context.would(std::string(is_blocked ? "block '" : "unblock '") + owner.login + "'");
    return exit_ok;
  }
  const auto reason = arguments.text("reason").value_or("");
  const bool is_changed =
      audited(context.who(), context.database(),
              {is_blocked ? "file.block" : "file.unblock", owner.login, reason},
              [&] { return files::set_blocked(context.database(), owner.id, is_blocked, reason); });
  if (!is_changed) context.say("that was so before");
  return print_owner(context, shown_owner(context, arguments));
}

int block_owner(Context& context, const Arguments& arguments) {
  return block(context, arguments, true);
}

int unblock_owner(Context& context, const Arguments& arguments) {
  return block(context, arguments, false);
}

Positional owner_positional() {
  return {.name = "owner",
          .help = "an account, or a user of GitHub who has files",
          .kind = ValueKind::account};
}

}  // namespace

const Command& file_quota_command() {
  constexpr std::int64_t bytes_limit = 1LL << 60;
  constexpr std::int64_t files_limit = 1'000'000'000;
  static const Command command{
      .name = "file quota",
      .summary = "show how much owners have and may have, or give one limits of his own",
      .help = "What an owner has stays where it is more than he may have.",
      .examples = {"devy-upload file quota list", "devy-upload file quota show alice",
                   "devy-upload file quota set alice --bytes 21474836480",
                   "devy-upload file quota set alice --default"},
      .positionals = {{.name = "act", .help = "what to do", .choices = {"list", "show", "set"}},
                      {.name = "owner",
                       .help = "of show and set: an account, or a user of GitHub who has files",
                       .kind = ValueKind::account,
                       .is_optional = true}},
      .options = {{.name = "bytes",
                   .value = "N",
                   .help = "set so many bytes at most",
                   .kind = ValueKind::number,
                   .most = bytes_limit},
                  {.name = "files",
                   .value = "N",
                   .help = "set so many files at most",
                   .kind = ValueKind::number,
                   .most = files_limit},
                  {.name = "default", .help = "set the configured limits again"},
                  limit_option(10'000, "list at most so many")},
      .run = run_quota};
  return command;
}

const Command& file_block_command() {
  static const Command command{
      .name = "file block",
      .summary = "keep an owner from uploading",
      .help = "What he has stays, and can be read and deleted.",
      .examples = {"devy-upload file block mallory --reason spam"},
      .positionals = {owner_positional()},
      .options = {{.name = "reason", .value = "T", .help = "kept with the block"}},
      .run = block_owner};
  return command;
}

const Command& file_unblock_command() {
  static const Command command{.name = "file unblock",
                               .summary = "let an owner upload again",
                               .positionals = {owner_positional()},
                               .run = unblock_owner};
  return command;
}

}  // namespace devy::cli
