"""What patients say: feedback and questions on a report, and what they want to see."""

from fastapi import APIRouter, Request, Response

from plainrad.api.dependencies import SettingsOf
from plainrad.api.documentation import problems
from plainrad.api.kept import RecordsOf, actor_of, body_of, in_thread, json_answer, nhs_number_of, sent
from plainrad.api.portal_schemas import FeedbackIn, PreferenceIn, QuestionIn, WrittenOut, written_out
from plainrad.api.routes.reports import BODY_CODES, STORE_CODES, view_of
from plainrad.api.security.guarded import PrincipalOf
from plainrad.errors import RecordInvalidError, ReportNotFoundError

router = APIRouter(tags=["patients"])


@router.post(
    "/v1/reports/{report_id}/feedback", summary="What the patient thought of it", status_code=201, response_class=Response,
    openapi_extra=body_of(FeedbackIn),
    responses={201: {"model": WrittenOut}, **problems(*BODY_CODES, "report_not_found", "record_invalid", "characters_invalid", *STORE_CODES)},
)  # fmt: skip
async def feedback(
    request: Request, report_id: str, records: RecordsOf, settings: SettingsOf, principal: PrincipalOf
) -> Response:
    """Keep feedback for the site: helpful, not helpful, it worried me, or free text."""
    asked = await sent(request, FeedbackIn, settings)
    found = (await view_of(records, principal, report_id, "patient")).id
    note = await in_thread(
        lambda: records.feedback(found, actor=actor_of(principal), kind=asked.kind, text=asked.text, item=asked.item)
    )
    return json_answer(written_out(note), status=201)


@router.post(
    "/v1/reports/{report_id}/questions", summary="Ask the referring team", status_code=201, response_class=Response,
    openapi_extra=body_of(QuestionIn),
    responses={201: {"model": WrittenOut}, **problems(*BODY_CODES, "report_not_found", "record_invalid", "characters_invalid", *STORE_CODES)},
)  # fmt: skip
async def question(
    request: Request, report_id: str, records: RecordsOf, settings: SettingsOf, principal: PrincipalOf
) -> Response:
    """Keep a question for the referring team. It is not an urgent way to reach anybody."""
    asked = await sent(request, QuestionIn, settings)
    found = (await view_of(records, principal, report_id, "patient")).id
    note = await in_thread(lambda: records.question(found, actor=actor_of(principal), text=asked.text))
    return json_answer(written_out(note), status=201)


@router.put(
    "/v1/patients/preference", summary="What the patient wants to see", status_code=204, response_class=Response,
    openapi_extra=body_of(PreferenceIn),
    responses=problems(*BODY_CODES, "report_not_found", "record_invalid", "characters_invalid", "nhs_number_invalid", *STORE_CODES),
)  # fmt: skip
async def preference(request: Request, records: RecordsOf, settings: SettingsOf, principal: PrincipalOf) -> Response:
    """Note that the patient wants to see, not to see now, or to see together with a clinician; one report, or all of theirs.

    The answer does not tell whether reports of this NHS number are kept.
    """
    asked = await sent(request, PreferenceIn, settings)
    if (asked.nhs_number is None) == (asked.report is None):
        raise RecordInvalidError("Give nhs_number or report, and not both.")
    patient = nhs_number_of(asked.nhs_number)
    report_id = (await view_of(records, principal, asked.report, "patient")).id if asked.report is not None else None
    try:
        await in_thread(
            lambda: records.set_preference(
                actor=actor_of(principal), wish=asked.wish, report_id=report_id, patient=patient
            )
        )
    except ReportNotFoundError:
        if patient is None:
            raise
    return Response(status_code=204)
