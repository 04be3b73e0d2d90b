#include "core/crm/client.hpp"

#include "core/crm/document.hpp"
#include "core/platform/base/ascii.hpp"
#include "core/platform/base/percent.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/json/json.hpp"

namespace devy::crm {
namespace {

using json::Json;

constexpr std::size_t cursor_bytes_max = 1'024;

void set_id(Json& document, const char* name, std::int64_t id) {
  if (id != 0) document.set(name, id);
}

// An answer that says it was done and does not show what: nobody knows.
void doubt(Answer& answer) {
  answer.meaning = Meaning::unknown;
  answer.cause = "status " + std::to_string(answer.status) + " without what was asked for";
}

Entry read_entry(const json::Value& value) {
  return {value.if_integer("id").value_or(0),
          value.if_mended_text("subject").value_or(value.if_mended_text("title").value_or("")),
          value.if_mended_text("note").value_or(""), value.if_integer("owner_id").value_or(0)};
}

bool read_page(const json::Value& document, Page& page) {
  const auto data = document.find("data");
  if (!document.if_boolean("success").value_or(false) || !data || !data->is_array()) return false;
  for (const auto& item : data->items()) {
    auto entry = read_entry(item);
    if (entry.id <= 0) return false;
    page.entries.push_back(std::move(entry));
  }
  page.next_cursor = document.if_text("additional_data/next_cursor").value_or("");
  return page.next_cursor.size() <= cursor_bytes_max;
}

std::string encoded(std::string_view text) {
  std::string url;
  for (const char byte : text) {
    if (base::is_letter_or_digit(byte) || byte == '-' || byte == '.' || byte == '_') url += byte;
    else base::append_percent_encoded(url, byte);
  }
  return url;
}

// The form that the API documents has no parts of a second.
std::string whole_seconds(base::TimePoint time) {
  const auto text = base::format_rfc3339(std::chrono::floor<std::chrono::seconds>(time));
  return text.substr(0, text.find('.')) + "Z";
}

}  // namespace

struct Client::Received {
  Answer answer;
  std::optional<json::Value> document = {};
  bool is_too_large = false;
};

Client::Received Client::send(const char* method, const std::string& path, std::string body) {
  http::Request request;
  request.method = method;
  request.url = access_.api_url + path;
  request.answer_bytes_max = answer_bytes_max;
  request.headers = {{"Accept", "application/json"},
                     {"User-Agent", "devy-upload"},
                     {"x-api-token", std::string(access_.token.reveal())}};
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  request.body = std::move(body);
  Received received;
  try {
    const auto response = transport_.send(request);
    received.answer = judge(response, access_.token);
    if (received.answer.meaning == Meaning::done) received.document = read_document(response.body);
  } catch (const base::Error& error) {
    received.answer = judge(error);
    received.is_too_large = error.code() == "response_too_large";
  }
  base::count("crm_requests." + std::string(method) + "." + std::to_string(received.answer.status));
  return received;
}

Answer Client::write(const char* method, const std::string& path, std::string body) {
  auto [answer, document, is_too_large] = send(method, path, std::move(body));
  if (answer.meaning != Meaning::done) return answer;
  const bool is_success = document && document->if_boolean("success").value_or(false);
  answer.id = is_success ? document->if_integer("data/id").value_or(0) : 0;
  if (answer.id <= 0) doubt(answer);
  return answer;
}

Answer Client::add_activity(const Activity& activity) {
  auto document = Json::object({{"subject", activity.subject},
                                {"type", activity.type},
                                {"done", false},
                                {"note", activity.note}});
  set_id(document, "owner_id", activity.owner_id);
  set_id(document, "org_id", activity.org_id);
  set_id(document, "deal_id", activity.deal_id);
  return write("POST", "/activities", document.compact());
}

Answer Client::change_activity(std::int64_t id, const ActivityChange& change) {
  auto document = Json::object();
  if (change.subject) document.set("subject", *change.subject);
  if (change.note) document.set("note", *change.note);
  if (change.is_done) document.set("done", *change.is_done);
  return write("PATCH", "/activities/" + std::to_string(id), document.compact());
}

Answer Client::add_deal(const Deal& deal) {
  auto document = Json::object({{"title", deal.title}});
  set_id(document, "owner_id", deal.owner_id);
  set_id(document, "org_id", deal.org_id);
  set_id(document, "pipeline_id", deal.pipeline_id);
  set_id(document, "stage_id", deal.stage_id);
  return write("POST", "/deals", document.compact());
}

Page Client::list(const char* path, const PageRequest& request) {
  std::string address(path);
  address += "?limit=" + std::to_string(request.limit);
  if (request.updated_since)
    address += "&updated_since=" + encoded(whole_seconds(*request.updated_since));
  if (!request.cursor.empty()) address += "&cursor=" + encoded(request.cursor);
  auto received = send("GET", address, {});
  Page page{std::move(received.answer)};
  page.is_too_large = received.is_too_large;
  if (page.answer.meaning == Meaning::done &&
      (!received.document || !read_page(*received.document, page)))
    doubt(page.answer);
  return page;
}

Page Client::list_activities(const PageRequest& request) {
  return list("/activities", request);
}

Page Client::list_deals(const PageRequest& request) {
  return list("/deals", request);
}

}  // namespace devy::crm
