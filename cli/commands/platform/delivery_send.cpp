#include <algorithm>
#include <fstream>
#include <sstream>

#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/http/httplib_transport.hpp"
#include "core/platform/webhook/event.hpp"
#include "core/platform/webhook/secret_list.hpp"

// `delivery send`: plays GitHub, to see a listener's answer.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t answer_bytes_max = std::size_t{1024} * 1024;

std::string read_payload(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string payload(webhook::payload_bytes_max + 1, '\0');
  file.read(payload.data(), static_cast<std::streamsize>(payload.size()));
  payload.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  if (payload.empty() || payload.size() > webhook::payload_bytes_max)
    throw Error(ErrorKind::usage, "unable to send '" + path + "'",
                "It must be a file that can be read, of at most 25 MiB.");
  return payload;
}

const char* why_no_secret(const std::vector<webhook::SigningSecret>& secrets, base::TimePoint now) {
  if (secrets.empty()) return "webhook.secrets is empty";
  const bool has_expired = std::ranges::any_of(secrets, [&](const auto& secret) {
    return secret.scope.reach != webhook::Reach::repository && secret.ends_at &&
           *secret.ends_at <= now;
  });
  return has_expired ? "what webhook.secrets names for all repositories has expired"
                     : "webhook.secrets names none for all repositories";
}

std::string signature_of(Context& context, const Arguments& arguments, const std::string& payload) {
  if (const auto path = arguments.text("secret"))
    return webhook::sign(payload, base::read_secret_file(*path));
  const auto secrets = webhook::load_secrets(context.config().webhook.secrets);
  const auto good = std::find_if(secrets.begin(), secrets.end(), [&](const auto& secret) {
    return secret.scope.reach != webhook::Reach::repository &&
           (!secret.ends_at || *secret.ends_at > context.now());
  });
  if (good == secrets.end())
    throw Error(ErrorKind::usage,
                "unable to sign: " + std::string(why_no_secret(secrets, context.now())),
                "Name a file with --secret.");
  return webhook::sign(payload, good->secret);
}

std::string url_of(Context& context, const Arguments& arguments) {
  constexpr const char* path = "/v1/webhooks";
  if (const auto url = arguments.text("to")) {
    if (!url->starts_with("http://") && !url->starts_with("https://"))
      throw Error(ErrorKind::usage, "invalid value of --to: " + base::in_quotes(*url),
                  "Give scheme, host and port of the listener: http://127.0.0.1:9800.");
    return *url + path;
  }
  const auto& listener = context.config().listener;
  const char* scheme = listener.tls_key_file.empty() ? "http://" : "https://";
  for (const auto& address : listener.addresses)
    if (!address.starts_with("unix:")) return scheme + address + path;
  throw Error(ErrorKind::usage,
              "unable to find the listener: listener.addresses has no TCP address",
              "Name one with --to http://host:port.");
}

// An answer is JSON of several lines, of which each is made safe by itself; the last one's end is
// ours.
std::string answer_text(std::string body) {
  while (!body.empty() && (body.back() == '\n' || body.back() == '\r'))
    body.pop_back();
  std::istringstream lines(body);
  std::string text, line;
  while (std::getline(lines, line))
    text += (text.empty() ? "" : "\n") + base::safe_text(line, answer_bytes_max);
  return text;
}

int send_delivery(Context& context, const Arguments& arguments) {
  const auto payload = read_payload(arguments.required("file"));
  const auto event = arguments.required("event");
  if (!webhook::is_event_name(event))
    throw Error(ErrorKind::usage, "unable to send the event " + base::in_quotes(event),
                "GitHub's events are in lower case, as in push.");
  const auto guid = arguments.text("guid").value_or(base::system_random().uuid());
  http::Request request;
  request.method = "POST";
  request.url = url_of(context, arguments);
  request.headers = {{"Content-Type", "application/json"},
                     {"User-Agent", "devy-upload"},
                     {"X-GitHub-Event", event},
                     {"X-GitHub-Delivery", guid},
                     {"X-Hub-Signature-256", signature_of(context, arguments, payload)}};
  request.body = payload;
  if (context.is_dry_run()) {
    context.would("send " + std::to_string(payload.size()) + " bytes to " +
                  base::safe_text(request.url));
    return exit_ok;
  }
  http::TransportOptions options;
  options.ca_file = context.config().git.ca_file;
  options.body_bytes_max = answer_bytes_max;
  const auto response = http::make_httplib_transport(options)->send(request);
  const bool is_taken = response.status >= 200 && response.status < 300;
  if (context.is_json())
    print_json(context.out(), Json::object({{"guid", guid},
                                            {"status", response.status},
                                            {"answer", Json::stored(response.body)}}));
  else context.out() << response.status << ' ' << answer_text(response.body) << '\n';
  return is_taken ? exit_ok : exit_failed;
}

}  // namespace

const Command& delivery_send_command() {
  static const Command command{
      .name = "delivery send",
      .summary = "sign a payload and post it to a listener, as GitHub would",
      .help =
          "For trying a listener out, and its proxy. The answer's status and body are printed; "
          "any but a 2xx is a failure.",
      .examples = {"devy-upload delivery send push.json --event push",
                   "devy-upload delivery send ping.json --event ping --to https://devy.example"},
      .positionals = {{.name = "file", .help = "the payload, JSON", .kind = ValueKind::file}},
      .options = {{.name = "event", .value = "E", .help = "its event", .default_value = "push"},
                  {.name = "to", .value = "URL", .help = "scheme, host and port of the listener"},
                  {.name = "secret",
                   .value = "FILE",
                   .help = "what to sign with, instead of the configuration's",
                   .kind = ValueKind::file},
                  {.name = "guid",
                   .value = "G",
                   .help = "the delivery's GUID, instead of a new one"}},
      .run = send_delivery};
  return command;
}

}  // namespace devy::cli
