{
 "cwlVersion": "v1.2",
 "class": "Workflow",
 "doc": "Which notebook runs after which. A description: Papermill runs the notebooks, not a CWL engine.",
 "requirements": {
  "ScatterFeatureRequirement": {}
 },
 "inputs": {
  "quarter": "string",
  "priority": "string[]"
 },
 "outputs": {
  "1_validate_executed": {
   "type": "File",
   "outputSource": "1_validate/executed"
  },
  "2_prepare_executed": {
   "type": "File",
   "outputSource": "2_prepare/executed"
  },
  "3_priority_executed": {
   "type": "File[]",
   "outputSource": "3_priority/executed"
  },
  "4_dashboard_executed": {
   "type": "File",
   "outputSource": "4_dashboard/executed"
  },
  "5_report_executed": {
   "type": "File",
   "outputSource": "5_report/executed"
  },
  "6_methods_executed": {
   "type": "File",
   "outputSource": "6_methods/executed"
  }
 },
 "steps": {
  "1_validate": {
   "doc": "notebooks/1_validate.ipynb",
   "run": {
    "class": "Operation",
    "inputs": {
     "quarter": "string"
    },
    "outputs": {
     "executed": "File",
     "tables": "Directory"
    }
   },
   "in": {
    "quarter": "quarter"
   },
   "out": [
    "executed",
    "tables"
   ]
  },
  "2_prepare": {
   "doc": "notebooks/2_prepare.ipynb",
   "run": {
    "class": "Operation",
    "inputs": {
     "quarter": "string"
    },
    "outputs": {
     "executed": "File",
     "tables": "Directory"
    }
   },
   "in": {
    "quarter": "quarter"
   },
   "out": [
    "executed",
    "tables"
   ]
  },
  "3_priority": {
   "doc": "notebooks/3_priority.ipynb",
   "run": {
    "class": "Operation",
    "inputs": {
     "quarter": "string",
     "priority": "string",
     "from_2_prepare": "Directory"
    },
    "outputs": {
     "executed": "File",
     "tables": "Directory"
    }
   },
   "in": {
    "quarter": "quarter",
    "priority": "priority",
    "from_2_prepare": "2_prepare/tables"
   },
   "out": [
    "executed",
    "tables"
   ],
   "scatter": [
    "priority"
   ],
   "scatterMethod": "dotproduct"
  },
  "4_dashboard": {
   "doc": "notebooks/4_dashboard.ipynb",
   "run": {
    "class": "Operation",
    "inputs": {
     "quarter": "string",
     "from_1_validate": "Directory",
     "from_3_priority": "Directory[]"
    },
    "outputs": {
     "executed": "File",
     "tables": "Directory"
    }
   },
   "in": {
    "quarter": "quarter",
    "from_1_validate": "1_validate/tables",
    "from_3_priority": "3_priority/tables"
   },
   "out": [
    "executed",
    "tables"
   ]
  },
  "5_report": {
   "doc": "notebooks/5_report.ipynb",
   "run": {
    "class": "Operation",
    "inputs": {
     "quarter": "string",
     "from_3_priority": "Directory[]"
    },
    "outputs": {
     "executed": "File",
     "tables": "Directory"
    }
   },
   "in": {
    "quarter": "quarter",
    "from_3_priority": "3_priority/tables"
   },
   "out": [
    "executed",
    "tables"
   ]
  },
  "6_methods": {
   "doc": "notebooks/6_methods.ipynb",
   "run": {
    "class": "Operation",
    "inputs": {
     "quarter": "string",
     "from_1_validate": "Directory",
     "from_3_priority": "Directory[]"
    },
    "outputs": {
     "executed": "File",
     "tables": "Directory"
    }
   },
   "in": {
    "quarter": "quarter",
    "from_1_validate": "1_validate/tables",
    "from_3_priority": "3_priority/tables"
   },
   "out": [
    "executed",
    "tables"
   ]
  }
 }
}
