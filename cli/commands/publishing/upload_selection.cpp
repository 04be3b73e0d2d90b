#include "cli/commands/publishing/upload_selection.hpp"
#include "cli/terminal/json_output.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "cli/commands/publishing/upload_text.hpp"
#include "cli/exit_codes.hpp"
#include "cli/terminal/confirm.hpp"
#include "core/platform/base/count_text.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/publishing/store/upload_json.hpp"

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;
using queue::State;

constexpr std::array states{State::received, State::verified,  State::scheduled, State::processing,
                            State::held,     State::completed, State::failed,    State::cancelled,
                            State::dropped,  State::duplicate, State::disabled};

template <class Predicate>
std::vector<std::string> names_of(Predicate is_wanted) {
  std::vector<std::string> names;
  for (const auto state : states)
    if (is_wanted(state)) names.emplace_back(queue::to_string(state));
  return names;
}

std::string example_of(const publishing::Upload& upload) {
  return upload.id.text() + "  " + upload.blog + "  " + state_text(upload);
}

void confirm_bulk(Context& context, const Selection& selection, const std::string& verb) {
  Act act{verb, selection.uploads.size(), "upload", {}};
  for (const auto& upload : selection.uploads)
    act.examples.push_back(example_of(upload));
  confirm(context, act);
}

// Said before anybody is asked to confirm.
void say_left(Context& context, const Selection& selection, const std::string& verb) {
  if (selection.left.empty()) return;
  context.say((context.is_dry_run() ? "would leave " : "leaving ") +
              base::count_text(selection.left.size(), "older upload") + " alone: " + verb +
              " takes the newest of each blog");
}

// The text for people; scripts get the words alone.
void print_result(Context& context, const publishing::Upload& upload, const std::string& result) {
  auto& out = context.out();
  if (context.is_dry_run()) out << result << ' ' << base::safe_text(example_of(upload)) << '\n';
  else
    out << short_id(upload.id.text()) << ' ' << base::safe_text(upload.blog) << ": "
        << base::safe_text(result) << std::endl;
}

Json result_json(const publishing::Upload& upload, const std::string& result, const Error* error) {
  auto document = Json::object(
      {{"id", upload.id}, {"blog", upload.blog}, {"result", error ? Json() : Json(result)}});
  document.set("error", error ? Json::object({{"code", error->code()},
                                              {"message", error->text()},
                                              {"hint", error->hint()}})
                              : Json());
  return document;
}

}  // namespace

std::vector<std::string> all_states() {
  return names_of([](State) { return true; });
}

std::vector<std::string> terminal_states() {
  return names_of([](State state) { return queue::is_terminal(state); });
}

std::vector<std::string> open_states() {
  return names_of([](State state) { return !queue::is_terminal(state); });
}

Option state_option(std::vector<std::string> choices) {
  return {.name = "state",
          .value = "S",
          .help = "only in these states",
          .is_repeatable = true,
          .choices = std::move(choices)};
}

Option blog_option() {
  return {.name = "blog", .value = "B", .help = "only of this blog", .kind = ValueKind::blog};
}

Option code_option() {
  return {.name = "code", .value = "CODE", .help = "only those that ended with this error code"};
}

Option reason_option() {
  return {.name = "reason", .value = "T", .help = "kept with the upload"};
}

publishing::UploadFilter read_filter(Context& context, const Arguments& arguments) {
  publishing::UploadFilter filter;
  for (const auto& name : arguments.all("state"))
    if (const auto state = queue::parse_state(name)) filter.states.push_back(*state);
  if (const auto blog = arguments.text("blog"))
    filter.blog = publishing::find_blog(context.database(), *blog).address();
  filter.since = time_since(arguments, "since", context.now());
  filter.until = time_since(arguments, "until", context.now());
  filter.code = arguments.text("code");
  return filter;
}

Selection select_uploads(Context& context, const Arguments& arguments,
                         const std::vector<std::string>& default_states) {
  const auto names = arguments.all("id");
  constexpr std::array filters{"state", "blog", "since", "until", "code"};
  const bool is_filtered =
      std::ranges::any_of(filters, [&](const char* option) { return arguments.has(option); });
  if (names.empty() != is_filtered)
    throw Error(ErrorKind::usage,
                names.empty()
                    ? "missing argument: <id>, or a filter such as --state"
                    : "unable to combine ids with --state, --blog, --code, --since or --until",
                "Name uploads, or select them.");
  Selection selection;
  for (const auto& name : names) {
    auto upload = publishing::find_upload(context.database(), name);
    const bool is_known = std::any_of(selection.uploads.begin(), selection.uploads.end(),
                                      [&](const auto& known) { return known.id == upload.id; });
    if (!is_known) selection.uploads.push_back(std::move(upload));
  }
  selection.is_bulk = is_filtered || selection.uploads.size() > 1;
  if (!is_filtered) return selection;

  auto filter = read_filter(context, arguments);
  if (filter.states.empty())
    for (const auto& name : default_states)
      filter.states.push_back(*queue::parse_state(name));
  filter.limit = bulk_max;
  selection.uploads = publishing::list_uploads(context.database(), filter);
  std::reverse(selection.uploads.begin(), selection.uploads.end());
  return selection;
}

Selection newest_of_each_blog(Selection selection) {
  std::map<std::pair<std::string, bool>, std::int64_t> newest;  // by blog, repairs apart
  const auto place_of = [](const publishing::Upload& upload) {
    return std::pair{upload.blog_id.text(), upload.is_repair()};
  };
  for (const auto& upload : selection.uploads) {
    auto& arrival = newest[place_of(upload)];
    arrival = std::max(arrival, upload.arrival);
  }
  const auto is_newest = [&](const publishing::Upload& upload) {
    return upload.arrival == newest.at(place_of(upload));
  };
  const auto middle =
      std::stable_partition(selection.uploads.begin(), selection.uploads.end(), is_newest);
  selection.left.assign(middle, selection.uploads.end());
  selection.uploads.erase(middle, selection.uploads.end());
  return selection;
}

int run_bulk(Context& context, const Selection& selection, const BulkAct& bulk) {
  const bool is_dry = context.is_dry_run();
  say_left(context, selection, bulk.verb);
  if (!is_dry && selection.is_bulk && !selection.uploads.empty())
    confirm_bulk(context, selection, bulk.verb);
  auto results = Json::array();
  std::size_t failures = 0;
  std::optional<Error> first_failure;
  for (const auto& upload : selection.uploads) {
    context.check_stop();
    try {
      const auto result = is_dry ? bulk.consider(upload) : bulk.act(upload);
      results.push(result_json(upload, result, nullptr));
      if (!context.is_json()) print_result(context, upload, result);
    } catch (const Error& thrown) {
      const auto error = is_dry ? would_be_refused(thrown) : thrown;
      // One that cannot be done is no reason to leave the others; a lost database is.
      const bool is_own =
          error.kind() == ErrorKind::conflict || error.kind() == ErrorKind::not_found;
      if (!is_own) throw;
      results.push(result_json(upload, {}, &error));
      if (!selection.is_bulk) {
        if (is_dry && context.is_json()) print_json(context.out(), results);
        throw Error(error);
      }
      print_error(context.terminal(), error);
      if (failures++ == 0) first_failure = error;
    }
  }
  for (const auto& upload : selection.left)
    results.push(result_json(upload, is_dry ? "would leave alone" : "left alone", nullptr));
  if (context.is_json() && (is_dry || !bulk.is_json_elsewhere)) print_json(context.out(), results);
  else if (selection.uploads.empty()) context.say("nothing to " + bulk.verb);
  if (failures == 0) return exit_ok;
  return failures < selection.uploads.size() ? exit_partly_done : base::exit_code(*first_failure);
}

}  // namespace devy::cli
