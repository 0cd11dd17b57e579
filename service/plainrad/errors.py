"""Every error that Plainrad raises on purpose.

    PlainradError
    ├── ContentError                    the content that people edit is wrong
    │   ├── ContentMissingError         a content folder cannot be found
    │   └── ContentInvalidError         a file breaks the schema; the message names file, entry and remedy
    ├── AuthoringError                  a change to the content cannot go where it was sent (each has a stable `code`)
    │   ├── ChangeStateError            change_state
    │   ├── ChangeStaleError            change_stale
    │   ├── ChangeUnknownError          change_not_found
    │   ├── ChangeLawError              change_breaks_law
    │   ├── FourEyesError               four_eyes
    │   └── ReviewerMissingError        reviewer_missing
    ├── RuleError                       a rule file of the language pipeline is wrong
    ├── ReportError                     a report cannot be accepted (each has a stable `code`)
    │   ├── ReportNotVerifiedError      report_not_verified
    │   ├── ReportStatusMissingError    report_status_missing
    │   ├── ReportEmptyError            report_empty
    │   ├── ReportTooLargeError         report_too_large
    │   ├── ReportEncodingError         report_encoding
    │   ├── ReportInvalidError          report_invalid
    │   │   └── NhsNumberError          nhs_number_invalid
    │   ├── JsonInvalidError            json_invalid
    │   ├── MessageError                message_invalid, or the code of HL7 that says why
    │   ├── FhirInvalidError            fhir_invalid
    │   │   ├── FhirVersionError        fhir_version
    │   │   ├── FhirReferenceError      fhir_reference
    │   │   └── NotRadiologyError       not_radiology
    │   ├── DicomInvalidError           dicom_invalid
    │   │   ├── DicomUnsupportedError   dicom_unsupported
    │   │   ├── DicomDuplicateError     dicom_duplicate
    │   │   └── DicomMismatchError      dicom_mismatch
    │   ├── AttachmentError             attachment_unreadable
    │   ├── PatientMismatchError        patient_mismatch
    │   └── WordsUnclearError           words_unclear
    ├── SettingsInvalidError            an environment variable has a value that cannot be used
    ├── TermNotFoundError               no glossary entry has this id
    ├── ServiceError                    the REST service cannot serve a request
    │   ├── RequestError                the request is wrong beside its report; it names its code
    │   ├── NotReadyError               the glossary and the rules are still being loaded
    │   ├── BusyError                   other reports have kept this one waiting for too long
    │   └── AddressError                the address cannot be listened on
    ├── PolicyInvalidError              release.toml breaks its schema; the message names field and remedy
    ├── RecordError                     a kept report cannot be used as asked (each has a stable `code`)
    │   ├── ReportNotFoundError         report_not_found
    │   ├── IdempotencyConflictError    idempotency_conflict
    │   ├── StaleError                  stale
    │   ├── ForbiddenError              forbidden
    │   ├── RecordInvalidError          record_invalid
    │   ├── CursorInvalidError          cursor_invalid
    │   ├── CharactersError             characters_invalid
    │   └── DemoOnlyError               demo_only
    ├── StoreError                      the database or its keys cannot be used (each has a stable `code`)
    │   ├── StoreUnavailableError       store_unavailable
    │   ├── StoreBusyError              store_busy
    │   ├── StoreFullError              store_full
    │   ├── StoreSchemaError            store_schema
    │   ├── StoreAddressError           store_address
    │   ├── KeysMissingError            keys_missing
    │   ├── KeysInvalidError            keys_invalid
    │   ├── SealBrokenError             seal_broken
    │   └── AuditBrokenError            audit_broken
    ├── AccessError                     a caller may not do what it asks
    │   ├── AccessInvalidError          a client, key or account is described wrongly
    │   ├── WebhookInvalidError         an address to be told is not one that may be called
    │   ├── CredentialsError            there are no credentials, or they were not accepted
    │   ├── DeniedError                 the credentials are good, but not for this; it names its code
    │   ├── SignInError                 nobody was signed in; it names its code
    │   ├── RateLimitedError            too many requests; it says when to come again
    │   └── TokenRequestError           no access token is given; it names its code of RFC 6749
    ├── ExtraMissingError               an optional part is not installed
    ├── PdfSystemError                  the system lacks what a PDF needs
    └── OptionInvalidError              an option of a page has a value that cannot be used

No message holds a word of a report: what a caller sent never reaches a log or an answer through an error.
It is one file because it is one tree: whoever adds to it sees all of it.
"""

from typing import ClassVar


class PlainradError(Exception):
    """The root of the tree. `code` is stable: callers may branch on it."""

    code = "internal_error"


class ContentError(PlainradError):
    """The content that people edit is wrong."""

    code = "content_error"


class ContentMissingError(ContentError):
    """A content folder cannot be found."""

    code = "content_missing"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The content folder '{name}' was found neither inside the installed package nor beside pyproject.toml. "
            "Install the wheel again, or run from a complete checkout."
        )


class ContentInvalidError(ContentError):
    """A content file breaks the schema or the editorial law."""

    code = "content_invalid"


class AuthoringError(PlainradError):
    """A change to the content cannot go where it was sent."""

    code = "authoring_error"


class ChangeStateError(AuthoringError):
    """The change is not in a state from which it can go there."""

    code = "change_state"

    def __init__(self, state: str) -> None:
        named = state.replace("_", " ")
        super().__init__(f"This change is {named}: that cannot be done with it now. Look at it again.")


class ChangeStaleError(AuthoringError):
    """Somebody else has changed it meanwhile."""

    code = "change_stale"

    def __init__(self) -> None:
        super().__init__(
            "Somebody else has changed this entry meanwhile. Nothing of yours was saved over it: open it again, and put your wording in."
        )


class ChangeUnknownError(AuthoringError):
    """There is no such change or version."""

    code = "change_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such change or version. The list shows those that there are.")


class ChangeLawError(AuthoringError):
    """The entry breaks the editorial law; the message lists how."""

    code = "change_breaks_law"


class FourEyesError(AuthoringError):
    """Somebody tried to approve what they have written in."""

    code = "four_eyes"

    def __init__(self) -> None:
        super().__init__("You have written in this change, so somebody else has to approve it.")


class ReviewerMissingError(AuthoringError):
    """Half of a review was given."""

    code = "reviewer_missing"

    def __init__(self) -> None:
        super().__init__(
            "Name the professional who has read it, and the day by which it is to be read again; or leave both empty."
        )


class RuleError(PlainradError):
    """A rule file of the language pipeline is wrong."""

    code = "rule_invalid"


class ReportError(PlainradError):
    """A report cannot be accepted."""

    code = "report_invalid"


class ReportNotVerifiedError(ReportError):
    """The report has a status that is not final, amended, corrected or appended."""

    code = "report_not_verified"

    def __init__(self) -> None:
        super().__init__(
            "Only a verified report can be explained: its status must be final, amended, corrected or appended. "
            "Send it again once it has been verified."
        )


class ReportStatusMissingError(ReportError):
    """Nobody said whether the report is verified."""

    code = "report_status_missing"

    def __init__(self) -> None:
        super().__init__(
            "The report has no status. State it: final, amended, corrected or appended (for the command line: --status final)."
        )


class ReportEmptyError(ReportError):
    """The report holds nothing but white space."""

    code = "report_empty"

    def __init__(self) -> None:
        super().__init__("The report has no text. Send the words of the report.")


class ReportTooLargeError(ReportError):
    """The report is longer than the limit."""

    code = "report_too_large"

    def __init__(self, *, limit: int) -> None:
        super().__init__(f"The report is longer than {limit:,} characters. Send one report at a time.")


class ReportEncodingError(ReportError):
    """The bytes are not UTF-8 text."""

    code = "report_encoding"

    def __init__(self) -> None:
        super().__init__("The report is not valid UTF-8 text. Convert it to UTF-8 and send it again.")


class ReportInvalidError(ReportError):
    """A field of the report has a value that cannot be used; the message names the field, never its content."""


class NhsNumberError(ReportInvalidError):
    """The NHS number is not one; the message never shows it."""

    code = "nhs_number_invalid"

    def __init__(self) -> None:
        super().__init__(
            "patient.nhs_number: this is not an NHS number (ten digits, the last of them the check digit). "
            "Leave it out where it is not known."
        )


class JsonInvalidError(ReportError):
    """What was sent as JSON is not JSON."""

    code = "json_invalid"

    def __init__(self) -> None:
        super().__init__(
            "This is not one valid JSON object. Check quotes, commas and brackets, and that no name stands twice."
        )


class FhirInvalidError(ReportError):
    """What was sent is not FHIR R4 that we read. `where` is its FHIRPath; neither holds a word of the report."""

    code = "fhir_invalid"

    def __init__(self, message: str, *, where: str | None = None) -> None:
        super().__init__(message)
        self.where = where


class FhirVersionError(FhirInvalidError):
    """The resource is of another version of FHIR."""

    code = "fhir_version"

    def __init__(self, *, where: str | None = None) -> None:
        super().__init__("This is another version of FHIR. Send R4 (4.0.1).", where=where)


class FhirReferenceError(FhirInvalidError):
    """A reference leads nowhere, or to a thing of another kind."""

    code = "fhir_reference"

    def __init__(self, *, where: str | None = None) -> None:
        super().__init__(
            "A reference leads to nothing that was sent, or to a resource of another kind. Send what it refers to.",
            where=where,
        )


class NotRadiologyError(FhirInvalidError):
    """The report belongs to another service, such as the laboratory."""

    code = "not_radiology"

    def __init__(self, *, where: str | None = None) -> None:
        super().__init__("Only radiology reports are explained: the category says another service.", where=where)


class DicomInvalidError(ReportError):
    """What was sent is not a DICOM document that can be read."""

    code = "dicom_invalid"


class DicomUnsupportedError(DicomInvalidError):
    """It is DICOM of a kind that is not read here."""

    code = "dicom_unsupported"


class DicomDuplicateError(DicomInvalidError):
    """Another document with the same number (UID) is kept already."""

    code = "dicom_duplicate"

    def __init__(self) -> None:
        super().__init__("Another document with this SOP Instance UID is kept already. A changed report has a new one.")


class DicomMismatchError(DicomInvalidError):
    """The document is not the one that the message names."""

    code = "dicom_mismatch"

    def __init__(self) -> None:
        super().__init__("The document is not the one that the message names.")


class AttachmentError(ReportError):
    """The words of an attached document cannot be read, or not all of them."""

    code = "attachment_unreadable"


class MessageError(ReportError):
    """An HL7 v2 message cannot be taken. `place` is the field, such as OBR-25; no message holds what stood there."""

    code = "message_invalid"

    def __init__(self, code: str, detail: str, *, place: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.place = place


class PatientMismatchError(ReportError):
    """Parts of one message name different patients."""

    code = "patient_mismatch"

    def __init__(self) -> None:
        super().__init__("Parts of what was sent name different patients. Nothing was read. Check the sender.")


class WordsUnclearError(ReportError):
    """A coded value cannot be put into words whose meaning is certain."""

    code = "words_unclear"

    def __init__(self) -> None:
        super().__init__(
            "The report holds coded answers that cannot be put into words with certainty. Send its text as it was verified."
        )


class SettingsInvalidError(PlainradError):
    """An environment variable has a value that cannot be used; the message names it and never shows the value."""

    code = "settings_invalid"


class TermNotFoundError(PlainradError):
    """No glossary entry has this id."""

    code = "term_not_found"

    def __init__(self) -> None:
        super().__init__("No glossary entry has this id. GET /v1/terms lists them.")


class ServiceError(PlainradError):
    """The REST service cannot serve a request."""

    code = "service_error"


class RequestError(ServiceError):
    """The request is wrong beside its report: its type, its size, a parameter."""

    code = "request_invalid"

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class NotReadyError(ServiceError):
    """The glossary and the rules are still being loaded."""

    code = "not_ready"

    def __init__(self) -> None:
        super().__init__("The service is starting. Try again in a few seconds.")


class BusyError(ServiceError):
    """Other reports have kept this one waiting for too long."""

    code = "busy"

    def __init__(self) -> None:
        super().__init__("The service is busy. Try again in a few seconds.")


class AddressError(ServiceError):
    """The address cannot be listened on."""

    code = "address_unusable"


class PolicyInvalidError(PlainradError):
    """The release policy of the site breaks its schema; the message names each field and what to do."""

    code = "release_policy_invalid"


class RecordError(PlainradError):
    """A kept report cannot be used as asked."""

    code = "record_error"


class ReportNotFoundError(RecordError):
    """There is no such report, or it belongs to another organisation: the two look the same from outside."""

    code = "report_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such report.")


class IdempotencyConflictError(RecordError):
    """The same idempotency key came before with another body."""

    code = "idempotency_conflict"

    def __init__(self) -> None:
        super().__init__("This idempotency key was used before for something else. Use a new key for each submission.")


class StaleError(RecordError):
    """The report has changed since the caller read it."""

    code = "stale"

    def __init__(self) -> None:
        super().__init__("The report has changed since it was read. Read it again, then decide again.")


class ForbiddenError(RecordError):
    """The caller may not do this."""

    code = "forbidden"

    def __init__(self) -> None:
        super().__init__("This is not allowed for the roles of the caller.")


class RecordInvalidError(RecordError):
    """What was sent about a kept report cannot be used; the message names the field, never its content."""

    code = "record_invalid"


class CharactersError(RecordError):
    """A text holds what no database can be relied on to keep: U+0000, or half of a surrogate pair."""

    code = "characters_invalid"

    def __init__(self, field_name: str = "A field") -> None:
        super().__init__(
            f"{field_name}: holds U+0000 or half of a surrogate pair, which cannot be kept. Send it without."
        )


class CursorInvalidError(RecordError):
    """A cursor was not given out by this service."""

    code = "cursor_invalid"

    def __init__(self) -> None:
        super().__init__("The cursor cannot be used. Begin again without one.")


class DemoOnlyError(RecordError):
    """The demonstration was given what could be a real patient."""

    code = "demo_only"

    def __init__(self) -> None:
        super().__init__(
            "The demonstration keeps invented patients only (NHS numbers that begin with 9). "
            "Set PLAINRAD_KEYS and switch the demonstration off to keep real ones."
        )


class StoreError(PlainradError):
    """The database or its keys cannot be used."""

    code = "store_error"


class StoreUnavailableError(StoreError):
    """The database does not answer."""

    code = "store_unavailable"

    def __init__(self) -> None:
        super().__init__("The database cannot be reached. Nothing was changed; try again.")


class StoreBusyError(StoreError):
    """Others kept the database for too long."""

    code = "store_busy"

    def __init__(self) -> None:
        super().__init__("The database is busy. Nothing was changed; try again in a few seconds.")


class StoreFullError(StoreError):
    """There is no room left for the database."""

    code = "store_full"

    def __init__(self) -> None:
        super().__init__("There is no room left for the database. Nothing was changed; make room, then try again.")


class StoreSchemaError(StoreError):
    """The tables of the database are not those of this version."""

    code = "store_schema"

    def __init__(self) -> None:
        super().__init__("The tables of the database are not those of this version. Run: plainrad db upgrade")


class StoreAddressError(StoreError):
    """PLAINRAD_DATABASE_URL names no database that can be used."""

    code = "store_address"


class KeysMissingError(StoreError):
    """Identifiers of a patient were to be kept, and there is no key to seal them with."""

    code = "keys_missing"

    def __init__(self) -> None:
        super().__init__(
            "Identifiers of patients are kept only sealed, and there is no key. Make one with plainrad db new-key "
            "and set PLAINRAD_KEYS."
        )


class KeysInvalidError(StoreError):
    """PLAINRAD_KEYS holds something that is not a key; the message says which one, and never shows it."""

    code = "keys_invalid"


class SealBrokenError(StoreError):
    """A sealed value was changed, or its key is not among PLAINRAD_KEYS."""

    code = "seal_broken"

    def __init__(self) -> None:
        super().__init__(
            "Sealed identifiers cannot be opened: their key is not in PLAINRAD_KEYS, or they were changed."
        )


class AuditBrokenError(StoreError):
    """The audit was changed, or has a gap."""

    code = "audit_broken"


class AccessError(PlainradError):
    """A caller may not do what it asks."""

    code = "access_error"


class AccessInvalidError(AccessError):
    """A client, key or account is described wrongly; the message never shows a secret."""

    code = "access_invalid"


class WebhookInvalidError(AccessError):
    """An address to be told is not one that may be called; the message never shows it."""

    code = "webhook_invalid"


class CredentialsError(AccessError):
    """There are no credentials, or they were not accepted. Why not is never said."""

    code = "credentials_invalid"

    def __init__(self, code: str = "credentials_invalid") -> None:
        missing = code == "credentials_missing"
        super().__init__(
            "Send credentials: Authorization: Bearer, with an access token of POST /oauth2/token or an API key."
            if missing
            else "The credentials were not accepted: they are not known here, or have expired or been revoked."
        )
        self.code = code


class DeniedError(AccessError):
    """The credentials are good, but not for this."""

    code = "access_denied"

    def __init__(self, code: str = "access_denied", detail: str = "The caller may not do this.") -> None:
        super().__init__(detail)
        self.code = code


class SignInError(AccessError):
    """Nobody was signed in. What the provider or the browser sent is not in it."""

    code = "sign_in_failed"
    _SAID: ClassVar[dict[str, str]] = {
        "provider_unreachable": "The sign-in service of your organisation did not answer. Try again in a few minutes.",
        "provider_refused": "The sign-in service of your organisation did not confirm who you are. Try again.",
        "no_role": "You are known, but have no role here. Ask your administrator.",
        "not_begun": "This sign-in was not begun in this browser, or is over. Begin again.",
        "wrong": "The name or the password is wrong, or the account is locked for a while.",
        "not_offered": "This way of signing in is not offered here.",
    }

    def __init__(self, reason: str) -> None:
        super().__init__(self._SAID[reason])
        self.reason = reason


class RateLimitedError(AccessError):
    """Too many requests. `seconds`: when to come again."""

    code = "rate_limited"

    def __init__(self, *, seconds: int) -> None:
        super().__init__(f"Too many requests. Come again in {seconds} s.")
        self.seconds = seconds


class TokenRequestError(AccessError):
    """No access token is given. `error` is a code of RFC 6749, section 5.2; `client_id` and `why` are for the audit alone."""

    code = "token_refused"

    def __init__(self, error: str, detail: str, *, client_id: str | None = None, why: str = "") -> None:
        super().__init__(detail)
        self.error, self.client_id, self.why = error, client_id, why


class ExtraMissingError(PlainradError):
    """An optional part is not installed."""

    code = "extra_missing"

    def __init__(self, extra: str) -> None:
        super().__init__(f"This needs an optional part: pip install 'plainrad[{extra}]'.")


class PdfSystemError(PlainradError):
    """The system lacks what a PDF needs: the library Pango, or a font."""

    code = "pdf_system"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"A PDF cannot be made: this system lacks {what}. WeasyPrint needs Pango and a font from the "
            "system (Debian, Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation)."
        )


class OptionInvalidError(PlainradError):
    """An option of a page has a value that cannot be used; the message names it and says what it may be."""

    code = "option_invalid"
