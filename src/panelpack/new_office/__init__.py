"""A first office: plan, parameters, commentary and data of a first pack, from the official table of recorded crime."""
