#include "core/gists/outbox/crm_text.hpp"

#include "core/crm/note.hpp"

namespace devy::outbox {
namespace {

std::string remark_of(const gists::CrmItem& item) {
  if (item.content_state == "binary") return "It is no text.";
  if (item.content_state == "too_large") return "It is too large to be shown here.";
  return item.content ? "" : "Its text is not kept any more.";
}

}  // namespace

crm::Activity activity_text(const gists::CrmItem& item, const config::Crm& settings) {
  crm::Note note;
  note.filename = item.filename;
  note.url = item.html_url;
  note.size = static_cast<std::uint64_t>(item.size);
  note.found_at = item.found_at;
  note.text = item.content;
  note.remark = remark_of(item);
  note.marker = {item.id, item.wanted};
  crm::Activity activity;
  activity.subject = crm::subject_of(item.filename);
  activity.type = settings.type;
  activity.note = crm::build_note(note, settings.note_bytes_max);
  activity.owner_id = settings.owner_id;
  activity.org_id = settings.org_id;
  return activity;
}

crm::Deal deal_text(const gists::CrmItem& item, const config::Crm& settings) {
  crm::Deal deal;
  deal.title = item.login + (item.gist.empty() ? "" : "/" + item.gist);
  deal.owner_id = settings.owner_id;
  deal.org_id = settings.org_id;
  deal.pipeline_id = settings.pipeline_id;
  deal.stage_id = settings.stage_id;
  return deal;
}

}  // namespace devy::outbox
