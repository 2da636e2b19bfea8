//! The classes of Open Badges 3.0 and CLR 2.0, as facts: members, what they hold, and which must be there (appendix B of both).

use crate::documents::{Alignment, IdentifierEntry};

/// What a member holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text; it may be given with its language, and in several.
    Text,
    /// A list of texts.
    Texts,
    /// A date and time with an offset.
    Date,
    Number,
    Flag,
    /// One object of a class.
    One(&'static str),
    /// An object of a class, or a list of such.
    Many(&'static str),
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words, or one of one's own that begins with `ext:`.
    OpenWord(&'static [&'static str]),
}

/// A class: its name, the members it must have besides its type, and what its members hold.
pub(super) struct Class {
    pub(super) name: &'static str,
    pub(super) required: &'static [&'static str],
    pub(super) members: &'static [(&'static str, Kind)],
}

impl Class {
    pub(super) fn named(name: &str) -> Option<&'static Class> {
        CLASSES.iter().find(|class| class.name == name)
    }
}

use Kind::{Date, Flag, Many, Number, One, OpenWord, Text, Texts, Word};

const CLASSES: &[Class] = &[
    Class {
        name: "AchievementSubject",
        required: &["achievement"],
        members: &[
            ("activityStartDate", Date),
            ("activityEndDate", Date),
            ("creditsEarned", Number),
            ("achievement", One("Achievement")),
            ("identifier", Many("IdentityObject")),
            ("image", One("Image")),
            ("licenseNumber", Text),
            ("narrative", Text),
            ("result", Many("Result")),
            ("role", Text),
            ("source", One("Profile")),
            ("term", Text),
        ],
    },
    Class {
        name: "Achievement",
        required: &["id", "criteria", "description", "name"],
        members: &[
            ("alignment", Many("Alignment")),
            ("achievementType", OpenWord(ACHIEVEMENT_TYPES)),
            ("creator", One("Profile")),
            ("creditsAvailable", Number),
            ("criteria", One("Criteria")),
            ("description", Text),
            ("endorsement", Many("EndorsementCredential")),
            ("fieldOfStudy", Text),
            ("humanCode", Text),
            ("image", One("Image")),
            ("inLanguage", Text),
            ("name", Text),
            ("otherIdentifier", Many("IdentifierEntry")),
            ("related", Many("Related")),
            ("resultDescription", Many("ResultDescription")),
            ("specialization", Text),
            ("tag", Texts),
            ("version", Text),
        ],
    },
    Class {
        name: "Profile",
        required: &["id"],
        members: &[
            ("name", Text),
            ("url", Text),
            ("phone", Text),
            ("description", Text),
            ("endorsement", Many("EndorsementCredential")),
            ("image", One("Image")),
            ("email", Text),
            ("address", One("Address")),
            ("otherIdentifier", Many("IdentifierEntry")),
            ("official", Text),
            ("parentOrg", One("Profile")),
            ("familyName", Text),
            ("givenName", Text),
            ("additionalName", Text),
            ("patronymicName", Text),
            ("honorificPrefix", Text),
            ("honorificSuffix", Text),
            ("familyNamePrefix", Text),
            ("dateOfBirth", Text),
        ],
    },
    Class {
        name: "EndorsementCredential",
        required: &["id", "name", "credentialSubject", "issuer"],
        members: &[
            ("name", Text),
            ("description", Text),
            ("credentialSubject", One("EndorsementSubject")),
            ("issuer", One("Profile")),
            ("awardedDate", Date),
        ],
    },
    Class { name: "EndorsementSubject", required: &["id"], members: &[("endorsementComment", Text)] },
    Class {
        name: "ClrSubject",
        required: &["verifiableCredential"],
        members: &[
            ("identifier", Many("IdentityObject")),
            ("achievement", Many("Achievement")),
            ("association", Many("Association")),
        ],
    },
    Class {
        name: "Association",
        required: &["associationType", "sourceId", "targetId"],
        members: &[("associationType", Word(ASSOCIATION_TYPES)), ("sourceId", Text), ("targetId", Text)],
    },
    Class {
        name: "Alignment",
        required: &["targetName", "targetUrl"],
        members: &[
            ("targetCode", Text),
            ("targetDescription", Text),
            ("targetName", Text),
            ("targetFramework", Text),
            ("targetType", OpenWord(TARGET_TYPES)),
            ("targetUrl", Text),
        ],
    },
    Class { name: "Criteria", required: &[], members: &[("id", Text), ("narrative", Text)] },
    Class {
        name: "Address",
        required: &[],
        members: &[
            ("addressCountry", Text),
            ("addressCountryCode", Text),
            ("addressRegion", Text),
            ("addressLocality", Text),
            ("streetAddress", Text),
            ("postOfficeBoxNumber", Text),
            ("postalCode", Text),
            ("geo", One("GeoCoordinates")),
        ],
    },
    Class {
        name: "GeoCoordinates",
        required: &["latitude", "longitude"],
        members: &[("latitude", Number), ("longitude", Number)],
    },
    Class {
        name: "Evidence",
        required: &[],
        members: &[("narrative", Text), ("name", Text), ("description", Text), ("genre", Text), ("audience", Text)],
    },
    Class {
        name: "IdentifierEntry",
        required: &["identifier", "identifierType"],
        members: &[("identifier", Text), ("identifierType", OpenWord(IDENTIFIER_TYPES))],
    },
    Class {
        name: "IdentityObject",
        required: &["hashed", "identityHash", "identityType"],
        members: &[
            ("hashed", Flag),
            ("identityHash", Text),
            ("identityType", OpenWord(IDENTIFIER_TYPES)),
            ("salt", Text),
        ],
    },
    Class { name: "Image", required: &["id"], members: &[("caption", Text)] },
    Class { name: "Related", required: &["id"], members: &[("inLanguage", Text), ("version", Text)] },
    Class {
        name: "Result",
        required: &[],
        members: &[
            ("achievedLevel", Text),
            ("alignment", Many("Alignment")),
            ("resultDescription", Text),
            ("status", Word(RESULT_STATUSES)),
            ("value", Text),
        ],
    },
    Class {
        name: "ResultDescription",
        required: &["id", "name", "resultType"],
        members: &[
            ("alignment", Many("Alignment")),
            ("allowedValue", Texts),
            ("name", Text),
            ("requiredLevel", Text),
            ("requiredValue", Text),
            ("resultType", OpenWord(RESULT_TYPES)),
            ("rubricCriterionLevel", Many("RubricCriterionLevel")),
            ("valueMax", Text),
            ("valueMin", Text),
        ],
    },
    Class {
        name: "RubricCriterionLevel",
        required: &["id", "name"],
        members: &[
            ("alignment", Many("Alignment")),
            ("description", Text),
            ("level", Text),
            ("name", Text),
            ("points", Text),
        ],
    },
];

const ASSOCIATION_TYPES: &[&str] =
    &["exactMatchOf", "isChildOf", "isParentOf", "isPartOf", "isPeerOf", "isRelatedTo", "precedes", "replacedBy"];

const TARGET_TYPES: &[&str] = &Alignment::TARGET_TYPES;

const RESULT_STATUSES: &[&str] =
    &["Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew"];

const RESULT_TYPES: &[&str] = &[
    "GradePointAverage",
    "LetterGrade",
    "Percent",
    "PerformanceLevel",
    "PredictedScore",
    "RawScore",
    "Result",
    "RubricCriterion",
    "RubricCriterionLevel",
    "RubricScore",
    "ScaledScore",
    "Status",
];

const IDENTIFIER_TYPES: &[&str] = &IdentifierEntry::TYPES;

const ACHIEVEMENT_TYPES: &[&str] = &[
    "Achievement",
    "ApprenticeshipCertificate",
    "Assessment",
    "Assignment",
    "AssociateDegree",
    "Award",
    "Badge",
    "BachelorDegree",
    "Certificate",
    "CertificateOfCompletion",
    "Certification",
    "CommunityService",
    "Competency",
    "Course",
    "CoCurricular",
    "Degree",
    "Diploma",
    "DoctoralDegree",
    "Fieldwork",
    "GeneralEducationDevelopment",
    "JourneymanCertificate",
    "LearningProgram",
    "License",
    "Membership",
    "ProfessionalDoctorate",
    "QualityAssuranceCredential",
    "MasterCertificate",
    "MasterDegree",
    "MicroCredential",
    "ResearchDoctorate",
    "SecondarySchoolDiploma",
];
