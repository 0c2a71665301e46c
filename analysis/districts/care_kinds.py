"""The categories of care facilities that are counted together, by class."""

INSTITUTIONS = ("care_home", "welfare_home")
COMMUNITY = ("community_station", "day_care", "embedded", "street_centre")
MUTUAL_AID = ("mutual_aid",)
