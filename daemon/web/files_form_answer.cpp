#include "daemon/web/files_form_answer.hpp"

#include "core/platform/base/random.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/json/reader.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/page.hpp"
#include "daemon/web/api_answer.hpp"
#include "daemon/web/error_page.hpp"
#include "daemon/web/files_upload_sink.hpp"
#include "daemon/web/page_headers.hpp"
#include "html_names/part_chosen.hpp"
#include "html_names/part_notice.hpp"

namespace devy::daemon {
namespace {

using json::Json;

constexpr std::size_t answer_id_characters = 12;

http::Response notice_part(int status, const std::string& text) {
  html::Fill notice;
  notice.set(html::part_notice::notice_mark, "bad");
  notice.set(html::part_notice::notice_title, "Not uploaded");
  notice.set(html::part_notice::notice_text, text);
  return server::html_response(status, html::render(html::part_notice::template_file, notice));
}

}  // namespace

FormReader form_reader(const server::ReceivedRequest& request) {
  if (!http::first_header(request.headers, "Authorization").empty()) return FormReader::program;
  return request.header("HX-Request") == "true" ? FormReader::part : FormReader::page;
}

http::Response chosen_files(std::span<const files::File> files, const std::string& token) {
  html::Fill fill;
  for (const auto& file : files) {
    auto& item = fill.add(html::part_chosen::file);
    item.set(html::part_chosen::file_name, file.name);
    item.set(html::part_chosen::file_size, html::size_text(file.size));
    item.set_url(html::part_chosen::remove_url, html::own_url({"file", file.id.text(), "delete"}));
    if (!token.empty())
      item.add(html::part_chosen::kept).set(html::part_chosen::upload_token, token);
  }
  auto response = server::html_response(200, html::render(html::part_chosen::template_file, fill));
  add_page_headers(response);
  return response;
}

http::Response form_answer(FormReader reader, const receive::Stored& stored, bool is_temporary) {
  switch (reader) {
    case FormReader::part: return chosen_files(stored.files, stored.token);
    case FormReader::page: {
      auto response = server::redirect_response(
          303, is_temporary ? "/files?done=temporary" : "/files?done=uploaded");
      add_page_headers(response);
      return response;
    }
    case FormReader::program_of_v1: return json_answer(201, stored_json(stored));
    case FormReader::program: break;
  }
  if (is_temporary) return json_answer(200, stored_json(stored));
  return json_answer(
      200, Json::object(
               {{"success", true}, {"files", json::json_array(stored.files, files::file_json)}}));
}

http::Response form_refusal(FormReader reader, http::Response response) {
  const bool is_page = reader == FormReader::page || reader == FormReader::part;
  // JSON is what the server takes an answer for that does not say.
  const bool is_json = response.header("Content-Type").empty();
  if (!is_page || response.status < 400 || !is_json) return response;
  static constexpr json::Format own_refusal{
      .name = "an answer of ours", .bytes_max = 64UL * 1024, .depth_max = 8};
  const auto document = json::parse(response.body, own_refusal);
  ErrorPage words{.status = response.status,
                  .request_id = base::system_random().token().substr(0, answer_id_characters),
                  .detail = document.if_text("message").value_or(""),
                  .hint = document.if_text("hint").value_or("")};
  auto page = reader == FormReader::part
                  ? notice_part(response.status, words.detail + " " + words.hint)
                  : error_page(words);
  for (const char* kept : {"Retry-After", "Set-Cookie"})
    if (const auto value = response.header(kept); !value.empty())
      server::set_header(page, kept, value);
  add_page_headers(page);
  return page;
}

}  // namespace devy::daemon
